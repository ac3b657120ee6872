"""The statistics of exponential memories over noise and load, and the edges of the critical interval."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.memories import Phases, copy_statistics
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.table import Row, Rows, Table, mean_of_known
from hubbub.simulator.memory import Grid
from hubbub.simulator.memory.copies import lay_out
from hubbub.simulator.memory.onset import onset
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Run

MARGIN, ABOVE = 0.04, 0.48
"""Noise so far below the onset counts as below the critical interval, from this level up as above it."""


def copy_rows(run: Run) -> Rows:
    """Return a row for each copy (`CopyStatistics.row`), with the closed form of the onset for the stored patterns."""
    closed = _closed_onset(run)
    return [{**copy.row(), "onset": closed} for copy in copy_statistics(run)]


def _closed_onset(run: Run) -> float:
    scenario: Any = parse(run.configuration)
    grid = Grid(noise=(0.0,), load=(scenario.copies.load[0],))
    stored = lay_out(grid, RandomStreams(scenario.seed), patterns=scenario.patterns).patterns[0]
    return onset(stored, 0, scenario.dynamics.steps)


class NoiseSweep:
    """The rows of one kind of patterns, over noise, load and seed."""

    def __init__(self, patterns: str, table: Table) -> None:
        self.patterns, self.table = patterns, table
        self.phases = Phases.of([dict(row) for row in table])
        self.loads: list[int] = [int(load) for load in self.phases.loads]
        self.lower, self.upper = (
            {load: edge_by_seed(table.where(load=load), which) for load in self.loads} for which in ("lower", "upper")
        )
        """Edges of the critical interval by load, with a value for each seed."""

    @cached_property
    def peaks(self) -> dict[int, float]:
        """The noise at which the mean H is largest, by load, ascending."""
        at = np.nanargmax(self.phases.mean("h"), axis=1)
        return dict(zip(self.loads, self.phases.noise[at].tolist(), strict=True))

    @property
    def grid(self) -> float:
        """The smallest step of the noise levels."""
        return float(np.diff(self.phases.noise).min())

    @cached_property
    def by_seed(self) -> list[Table]:
        """The rows of each seed, seeds ascending."""
        parts = self.table.by("seed")
        return [parts[seed] for seed in sorted(parts)]

    def at_peak(self, name: str, load: int) -> Measure:
        """Return a statistic at the peak of a load, over seeds."""
        return self.table.where(load=load, noise=self.peaks[load]).mean(name)

    def below(self, row: Row) -> bool:
        """Return whether a copy has clearly less noise than the onset for its patterns."""
        return bool(row["noise"] <= row["onset"] - MARGIN)

    def inside(self, row: Row) -> bool:
        """Return whether a copy has the noise of the peak of its load."""
        return bool(row["noise"] == self.peaks[row["load"]])

    def above(self, row: Row) -> bool:
        """Return whether a copy has more noise than any critical interval."""
        return bool(row["noise"] >= ABOVE)

    def over_levels(self, name: str, where: Callable[[Row], bool]) -> Measure:
        """Return the mean over all loads and the noise levels that are meant, one value for each seed.

        Copies without the statistic are left out, and `reason` tells their noise.
        """
        return mean_of_known(
            [[(f"p = {row['noise']:g}", row[name]) for row in rows.filter(where)] for rows in self.by_seed]
        )


def edge_by_seed(rows: Table, which: str) -> Measure:
    """Return an edge of the critical interval of one load, with the jackknife's value for each seed (Tukey 1958)."""

    def edge(of: Table) -> float:
        return float(getattr(Phases.of([dict(row) for row in of]).critical, which)[0])

    seeds, whole = rows.levels("seed"), edge(rows)
    n = len(seeds)
    parts = [rows.filter(lambda row, seed=seed: row["seed"] != seed) for seed in seeds]  # type: ignore[misc]
    return over_seeds([n * whole - (n - 1) * edge(part) for part in parts])
