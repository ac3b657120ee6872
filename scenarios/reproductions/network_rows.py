"""What networks in training were, and what was seen of them: a row for each network and record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hubbub.analysis.trainings import network_metric, network_table
from hubbub.scenarios.reproductions.rows import Rows
from hubbub.simulator.store import Run


def network_rows(run: Run, names: Sequence[str]) -> list[dict[str, Any]]:
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


def shortened(rows: Rows) -> list[dict[str, Any]]:
    """Return rows with numbers of six digits, for a table that is kept."""
    return [
        {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in row.items()}
        for row in rows
    ]
