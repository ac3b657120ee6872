"""The metrics that are printed when a run ends."""

from __future__ import annotations

from hubbub.scenarios.systems import kind_of
from hubbub.simulator.store import Run


def headline(run: Run) -> dict[str, float]:
    """Return the last value of each metric that the run's kind of system names as its headline, where recorded."""
    recorded = set(run.metric_rows()["name"].to_pylist())
    return {name: float(run.metric(name)[1][-1]) for name in kind_of(run.configuration).headline if name in recorded}
