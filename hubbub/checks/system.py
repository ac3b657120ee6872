"""What is demanded of a kind of system."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from hubbub.checks.demands import Demands, check_argument
from hubbub.checks.states import copied, same
from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble, kind_of
from hubbub.simulator.engine import Observation, State, System
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.registry import missing
from hubbub.simulator.store.schemas import COLUMNS
from hubbub.simulator.topology import Topology

STEPS = 3


def check_system(
    scenario: str | Path | Mapping[str, Any], overrides: Mapping[str, Any] | None = None, *, steps: int = STEPS
) -> list[str]:
    """Check the kind of system of a scenario (name, YAML file or mapping, as in `hubbub.run`); return the demands.

    The scenario should be a small one: some systems of it are made, and each makes at most twice so many steps.

    Raises
    ------
    ConfigurationError
        The scenario is not valid, or `steps` is not a whole number of at least 1.
    ContractError
        The first demand that is not met.
    """
    check_argument("steps", steps, "a whole number of at least 1", int)
    if steps < 1:
        raise ConfigurationError(complaint("steps", expected="a whole number of at least 1", got=steps))
    chosen = load(scenario, overrides)
    kind = kind_of(chosen)
    demand = Demands(f"system {chosen.system!r}")
    stated = isinstance(getattr(type(chosen), "length_field", None), str)
    demand("its scenario names the field of its length in `length_field`", stated)
    length = demand.result("`length_field` leads to a number", lambda: chosen.length)
    demand("its length is a whole number of at least 0", length >= 0, length)

    def make() -> Any:
        return demand.attempt("it can be assembled", assemble, chosen)  # torch's modules draw when they are made

    made = make()
    lacking = missing(made, System)
    demand("it has all methods of a System", not lacking, f"nothing for {', '.join(lacking)}")
    demand("it begins at step 0", made.now == 0, made.now)
    demand("`stride` is a whole number of at least 1", made.stride >= 1, made.stride)
    _check_work(demand, made)

    _check_state(demand, made.state())
    first = make()
    demand("the same scenario gives the same system", same(made.state(), first.state()))
    _step(demand, made, steps)
    single = make()
    for _ in range(steps):
        _step(demand, single, 1)
    demand("many steps at once are as many single steps", same(made.state(), single.state()))

    before = copied(made.state())
    observations = [_observed(demand, made, closely) for closely in (False, True)]
    measure = demand.result("`measure` returns a function", kind.measure, made)
    rows = [list(demand.result("what `measure` returns takes observations", measure, one)) for one in observations]
    demand("observing and measuring change nothing", same(before, made.state()))
    _check_rows(demand, [*observations[1].metrics, *rows[1]], kind.headline)

    loaded = make()
    demand.result("`load` takes a state", loaded.load, copied(before))
    demand("a system that was loaded is at the step of its state", loaded.now == made.now, loaded.now)
    demand("a system that was loaded has the state that it was given", same(before, loaded.state()))
    later = _step(demand, made, steps), _step(demand, loaded, steps)
    is_same = same(made.state(), loaded.state()) and _same_records(*later)
    demand("a system that was loaded makes the same next steps", is_same)
    _check_work(demand, made)
    _check_files(demand, kind.describe(first))
    graph = getattr(first, "topology", None)
    if isinstance(graph, Topology) and getattr(chosen, "topology", None) is not None:
        given = graph.with_edges(graph.sources, graph.targets, weights=graph.weights)
        other = demand.attempt("it can be assembled with a graph", assemble, chosen, topology=given)
        kept = np.array_equal(other.topology.sources, graph.sources) and other.topology.names == graph.names
        demand("a topology that is passed replaces that of the scenario", kept)
    return demand.met


def _check_work(demand: Demands, made: System) -> None:
    unit, done = made.work
    demand("`work` is a unit and a number of at least 0", isinstance(unit, str) and done >= 0, (unit, done))


def _check_state(demand: Demands, state: State) -> None:
    demand("a state's tensors are torch tensors", all(isinstance(one, torch.Tensor) for one in state.tensors.values()))
    values = demand.result("JSON can hold the values of a state", lambda: json.loads(json.dumps(state.values)))
    demand("the values of a state are the same after JSON", values == state.values)
    demand("the values of a state hold the number of steps, `step`", state.values.get("step") == 0)


def _step(demand: Demands, made: System, n: int) -> Mapping[str, Any]:
    """Let a system make steps, and return its records."""
    before = made.now
    records = demand.result("`step` makes steps", made.step, n)
    demand("`step(n)` makes n steps", made.now == before + n, made.now - before)
    demand("`step` returns tables by name", isinstance(records, Mapping), type(records).__name__)
    for table, columns in records.items():
        known = table in ("events", "series") and set(columns) <= set(COLUMNS[table])
        demand("records are columns of the tables `events` and `series`", known, f"{table}: {', '.join(columns)}")
        steps = np.asarray(columns["step"])
        in_order = bool((np.diff(steps) >= 0).all() and ((steps >= before) & (steps <= made.now)).all())
        demand("records are in the order of their steps, which are those just made", in_order)
    return records


def _observed(demand: Demands, made: System, closely: bool) -> Observation:
    observation = demand.result("`observe` returns an observation", made.observe, closely=closely)
    demand("an observation has the number of the step", observation.step == made.now, observation.step)
    return observation


def _check_rows(demand: Demands, rows: list[Any], headline: tuple[str, ...]) -> None:
    for row in rows:
        known = {"name", "value"} <= set(row) <= set(COLUMNS["metrics"])
        demand("a metric has `name`, `value` and known dimensions", known, ", ".join(row))
        demand("the value of a metric is a number", isinstance(row["value"], int | float | np.number), row["name"])
    names = {row["name"] for row in rows}
    demand("at least one metric of `headline` is measured", bool(names & set(headline)) or not headline, sorted(names))


def _check_files(demand: Demands, files: Mapping[str, Any]) -> None:
    for name, content in files.items():
        fits = isinstance(content, str) or (name.endswith(".parquet") and hasattr(content, "column_names"))
        demand("`describe` returns text, and tables in .parquet files", fits, f"{name}: {type(content).__name__}")


def _same_records(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records have the same rows."""
    return one.keys() == other.keys() and all(
        columns.keys() == other[table].keys()
        and all(str(list(values)) == str(list(other[table][name])) for name, values in columns.items())
        for table, columns in one.items()
    )
