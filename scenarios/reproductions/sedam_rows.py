"""What is measured of a run of exponential memories: the statistics of its copies, and the onset for its patterns."""

from __future__ import annotations

from typing import Any

from hubbub.analysis.memories import copy_statistics
from hubbub.scenarios.loading import parse
from hubbub.simulator.memory import Grid
from hubbub.simulator.memory.copies import lay_out
from hubbub.simulator.memory.onset import onset
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Run


def copy_rows(run: Run) -> list[dict[str, Any]]:
    """Return a row for each copy (`CopyStatistics.row`), with the closed form of the onset for the stored patterns."""
    closed = _closed_onset(run)
    return [{**copy.row(), "onset": closed} for copy in copy_statistics(run)]


def _closed_onset(run: Run) -> float:
    scenario: Any = parse(run.configuration)
    load = scenario.copies.load[0]
    stored = lay_out(
        Grid(noise=(0.0,), load=(load,)), RandomStreams(scenario.seed), patterns=scenario.patterns
    ).patterns[0]
    return onset(stored, 0, scenario.dynamics.steps)
