"""What the metrics of a configuration add to an observation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from hubbub.scenarios.metrics.catalogue import OFFERED, PER, metric
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.systems.catalogue import kind_of
from hubbub.simulator.configuration import Choice
from hubbub.simulator.engine import Observation, Row
from hubbub.simulator.errors import ConfigurationError, ContractError, shown
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Lexicon
from hubbub.simulator.store.lexicon import LexiconSplit
from hubbub.simulator.store.schemas import DIMENSIONS

GENERAL = ("step", "generator", "recorded", "system")
"""What every system offers."""


def check_metrics(scenario: Scenario, *, is_divided: bool) -> None:
    """Refuse metrics that ask for what the system of a scenario does not offer, or that are there twice.

    Raises
    ------
    ConfigurationError
        The message names the metric, what it asks for, and what there is.
    """
    offered = (*GENERAL, *getattr(kind_of(scenario), "shown", ()))
    names = [one.kind for one in scenario.metrics]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise ConfigurationError(f"metrics.{place}: expected each metric once, got {name!r} again")
        for wanted in metric.asked_for(name):
            if wanted == "system" and is_divided:
                raise ConfigurationError(
                    f"metrics.{place}: metric {name!r} asks for the system, which workers divide among them; run it "
                    "without workers"
                )
            if wanted not in offered:
                raise ConfigurationError(
                    f"metrics.{place}: metric {name!r} asks for {wanted} ({OFFERED[wanted]}), which "
                    f"system={scenario.system} does not have; it offers {', '.join(offered)}"
                )


def measuring(
    scenario: Scenario, built: Any, *, before: Callable[[], Lexicon | None]
) -> Callable[[Observation], Iterable[Row]]:
    """Return the function from an observation of a system to the metric rows of its kind and of its configuration.

    `before` returns the last lexicon that was recorded before this process began, or None.
    """
    kind: Any = kind_of(scenario)
    of_kind, rng = kind.measure(built), RandomStreams(scenario.seed)
    chosen = ChosenMetrics(scenario.metrics, rng=rng, before=before)

    def rows(observation: Observation) -> Iterable[Row]:
        own = list(of_kind(observation))
        shown = kind.show(built, observation) if getattr(kind, "shown", ()) and scenario.metrics else {}
        return [*own, *chosen.rows(observation, [*observation.metrics, *own], {"system": built, **shown})]

    return rows


class ChosenMetrics:
    """The metrics that a configuration names, for one run.

    Parameters
    ----------
    chosen
        The sections of the configuration.
    rng
        Random streams of the run; every metric has its own.
    before
        Returns the last lexicon that was recorded before this process began, or None. Later ones are kept here, as they
        are read from the disk, so that a resume makes no difference.
    """

    def __init__(self, chosen: Sequence[Choice], *, rng: RandomStreams, before: Callable[[], Lexicon | None]) -> None:
        self._chosen, self._rng, self._before = chosen, rng, before
        self._compares = any("before" in metric.asked_for(one.kind) for one in chosen)

    def rows(self, observation: Observation, rows: Sequence[Row], shown: Mapping[str, Any]) -> list[Row]:
        """Return what the metrics add to the `rows` of an observation, from what is `shown` of the system.

        Those are left out for which not all is there.

        Raises
        ------
        ContractError
            A function failed, or returned something else than it should; the message names the metric.
        """
        if not self._chosen:
            return []
        recorded, names = _arrays(rows), {row["name"] for row in rows}
        there = {**shown, "step": observation.step, "recorded": recorded}
        if "lexicon" in there:
            there |= {"lexicon": _frozen(there["lexicon"]), "before": self._before() if self._compares else None}
        added: list[Row] = []
        for one in self._chosen:
            wanted = metric.asked_for(one.kind)
            there["generator"] = self._rng.at(f"metric/{one.kind}", observation.step)
            if all(name in there for name in wanted):
                value = metric.call(one.kind, one.options(), **there)
                made = _rows(one.kind, value, size=_size(one.kind, there))
                if taken := sorted(names & {row["name"] for row in made}):
                    raise ContractError(
                        f"metric {one.kind!r}: expected a name that the run does not have, got {taken[0]!r}"
                    )
                names |= {row["name"] for row in made}
                added += made
        if "lexicon" in there and self._compares:
            tables = there["lexicon"].to_tables()
            last = Lexicon.from_tables(observation.step, tables["messages"], tables["success"])
            self._before = lambda: last
        return added


def _size(name: str, there: Mapping[str, Any]) -> int | None:
    """Return how many values a metric should have, where that is known."""
    if metric.per(name) == "agent" and "topology" in there:
        return int(there["topology"].n_agents)
    parts = {"copy": "copies", "network": "networks"}.get(metric.per(name) or "")
    return None if parts is None or parts not in there else len(there[parts])


def _rows(name: str, value: Any, *, size: int | None) -> list[Row]:
    """Return the rows of a metric from what its function returned."""
    per = metric.per(name)
    if per is None:
        value = getattr(value, "value", value)  # of a Measure
        if isinstance(value, Mapping):
            return [{"name": f"{name}_{word}", "value": _number(name, one, word)} for word, one in value.items()]
        return [{"name": name, "value": _number(name, value)}]
    try:
        values = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ContractError(
            f"metric {name!r}: expected an array of numbers, one for each {per}, got {shown(value)}"
        ) from None
    if values.ndim != 1 or (size is not None and len(values) != size):
        expected = f"{size} numbers" if size is not None else "numbers"
        raise ContractError(f"metric {name!r}: expected {expected}, one for each {per}, got shape {values.shape}")
    return [
        {"name": name, "value": _number(name, one, f"{per} {place}"), per: place} for place, one in enumerate(values)
    ]


def _number(name: str, value: Any, of: object = None) -> float:
    """Return a value as a float; `ContractError` where it is no number, or infinite."""
    where = f"metric {name!r}" + ("" if of is None else f", {of}")
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ContractError(f"{where}: expected a number, got {shown(value)}") from None
    if isinstance(value, str) or math.isinf(number):
        raise ContractError(f"{where}: expected a finite number, or NaN where it is undefined, got {shown(value)}")
    return number


def _arrays(rows: Iterable[Row]) -> dict[str, Any]:
    """Return metric rows by name: a number for the whole system, or an array over agents, copies or networks."""
    found: dict[str, Any] = {}
    over: dict[str, dict[int, float]] = {}
    for row in rows:
        dimensions = [dimension for dimension in DIMENSIONS if row.get(dimension) is not None]
        if not dimensions:
            found[row["name"]] = float(row["value"])
        elif len(dimensions) == 1 and dimensions[0] in PER:
            over.setdefault(row["name"], {})[int(row[dimensions[0]])] = float(row["value"])
    return {**{name: np.array([of[place] for place in sorted(of)]) for name, of in over.items()}, **found}


def _frozen(lexicon: Lexicon) -> Lexicon:
    """Return a lexicon whose arrays cannot be changed, since they are those that are written to the disk."""

    def seen(values: np.ndarray) -> np.ndarray:
        view = values.view()
        view.flags.writeable = False
        return view

    return Lexicon(
        lexicon.step,
        {
            name: LexiconSplit(*(seen(values) for values in (one.referents, one.messages, one.lengths, one.success)))
            for name, one in lexicon.splits.items()
        },
    )
