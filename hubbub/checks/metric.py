"""What is demanded of a metric."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hubbub.checks.demands import Demands, check_name
from hubbub.checks.states import copied, same
from hubbub.scenarios.loading import load
from hubbub.scenarios.metrics import metric
from hubbub.scenarios.metrics.recording import check_metrics, measuring
from hubbub.scenarios.systems import assemble, kind_of

STEPS = 3
TALK: dict[str, Any] = {
    "name": "talk",
    "topology": {"kind": "ring", "n_agents": 4},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
    "channel": {"vocabulary": 4, "max_length": 3},
    "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
    "training": {"games_per_step": 4},
    "engine": {"kernel": "autograd"},
}
MEMORY: dict[str, Any] = {
    "name": "memories",
    "system": "memory",
    "memory": {"kind": "sedam"},
    "patterns": {"kind": "random", "n_spins": 20},
    "copies": {"noise": [0.0, 0.2], "load": [2], "repetitions": 2},
    "dynamics": {"kernel": "plain"},
}
TRAINING: dict[str, Any] = {
    "name": "networks",
    "system": "training",
    "task": {"kind": "sparse-parity", "width": 8, "batch": 8},
    "networks": {"seeds": 2},
}


def check_metric(name: str, *, scenario: str | Path | Mapping[str, Any] | None = None, **options: Any) -> list[str]:
    """Check the metric that is registered as `name`, with these options, in a small run; return the demands.

    `scenario` is that of the run (as in `hubbub.run`): by default four agents on a ring, or, for a metric that asks for
    `copies` or `networks`, four copies of a memory or two networks in training.

    Raises
    ------
    ConfigurationError
        No metric has this name, an argument or an option is not right, or the system of the scenario does not offer
        what the metric asks for.
    ContractError
        The first demand that is not met.
    """
    check_name("metric", name)
    demand = Demands(f"metric {name!r}")
    wanted = metric.asked_for(name)
    usual = MEMORY if "copies" in wanted else TRAINING if "networks" in wanted else TALK
    chosen = load(usual if scenario is None else scenario, {"metrics": [{"kind": name, **options}]})
    check_metrics(chosen, is_divided=False)
    made = assemble(chosen)
    measure = measuring(chosen, made, before=lambda: None)
    n_recorded = 0
    for _ in range(3):
        before, observation = copied(made.state()), made.observe(closely=True)
        seen = _as_text(observation)
        own = {row["name"] for row in [*observation.metrics, *kind_of(chosen).measure(made)(observation)]}
        again = measuring(chosen, made, before=lambda: None)
        rows = [
            [row for row in demand.result("it returns what it should", one, observation) if row["name"] not in own]
            for one in (measure, again)
        ]
        demand("it changes nothing of the system", same(before, made.state()))
        demand("it changes nothing of an observation", seen == _as_text(observation))
        if "before" not in wanted:
            demand("it gives the same for the same observation: it remembers nothing", str(rows[0]) == str(rows[1]))
        n_recorded += len(rows[0])
        made.step(STEPS)
    demand("something is recorded", n_recorded > 0)
    return demand.met


def _as_text(observation: Any) -> list[str]:
    """Return what an observation holds, in a form that can be compared."""
    tables = observation.snapshot.to_tables() if observation.snapshot is not None else {}
    tensors = {name: tensor.tolist() for name, tensor in observation.tensors.items()}
    return [str(observation.metrics), *(str(table.to_pydict()) for table in tables.values()), str(tensors)]
