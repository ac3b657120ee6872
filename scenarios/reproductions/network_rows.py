"""The settings and recorded metrics of networks in training: a row for each network and record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hubbub.analysis.trainings import network_metric, network_table
from hubbub.scenarios.reproductions.table import Rows
from hubbub.simulator.store import Run


def network_rows(run: Run, names: Sequence[str]) -> Rows:
    """Return the settings of every network with its metrics `names` at every record; `last` marks the last one."""
    values = {name: network_metric(run, name) for name in names}
    steps, _ = values[names[0]]
    return [
        {
            **{name: value for name, value in network.items() if name != "network"},
            "step": int(step),
            "last": at == len(steps) - 1,
            **{name: float(of[at, network["network"]]) for name, (_, of) in values.items()},
        }
        for at, step in enumerate(steps)
        for network in network_table(run).to_pylist()
    ]


def metrics(*names: str) -> Callable[[Run], Rows]:
    """Return a measure of runs: `network_rows` of these metrics."""
    return lambda run: network_rows(run, names)
