"""What was found for one kind of patterns: its rows, and the edges of the critical interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.memories import Phases
from hubbub.scenarios.reproductions.rows import Rows, mean, mean_of_known

MARGIN, ABOVE = 0.04, 0.48
"""Noise so far below the onset counts as below the critical interval, from this level up as above it."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """One kind of patterns: its rows, and its edges of the critical interval with a value for each seed.

    `lower` and `upper` are by load.
    """

    patterns: str
    rows: Rows
    phases: Phases
    lower: Mapping[int, Measure]
    upper: Mapping[int, Measure]

    @classmethod
    def of(cls, patterns: str, rows: Rows) -> Found:
        """Pick the rows of these patterns and measure the edges."""
        mine = [dict(row) for row in rows if row["patterns"] == patterns]
        phases = Phases.of(mine)

        def edges(which: str) -> dict[int, Measure]:
            return {int(load): edge_by_seed(mine, which, int(load)) for load in phases.loads}

        return cls(patterns, mine, phases, edges("lower"), edges("upper"))

    @cached_property
    def peaks(self) -> dict[int, float]:
        """The noise at which the mean H is largest, by load, ascending."""
        at = np.nanargmax(self.phases.mean("h"), axis=1)
        return dict(zip(self.phases.loads.tolist(), self.phases.noise[at].tolist(), strict=True))

    @property
    def loads(self) -> list[int]:
        """The loads, ascending."""
        return list(self.peaks)

    @property
    def grid(self) -> float:
        """The smallest step of the noise levels."""
        return float(np.diff(self.phases.noise).min())

    @cached_property
    def by_seed(self) -> list[list[Row]]:
        """The rows of each seed, seeds ascending."""
        return [[row for row in self.rows if row["seed"] == seed] for seed in _seeds(self.rows)]

    def at_peak(self, name: str, load: int) -> Measure:
        """Return a statistic at the peak of a load, over seeds."""
        return mean(self.rows, name, load=load, noise=self.peaks[load])

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
            [[(f"p = {row['noise']:g}", row[name]) for row in rows if where(row)] for rows in self.by_seed]
        )


def edge_by_seed(rows: Rows, which: str, load: int) -> Measure:
    """Return an edge of the critical interval of a load, with the jackknife's value for each seed (Tukey 1958)."""
    mine = [dict(row) for row in rows if row["load"] == load]

    def edge(of: Sequence[dict[str, Any]]) -> float:
        return float(getattr(Phases.of(of).critical, which)[0])

    seeds = _seeds(mine)
    n, whole = len(seeds), edge(mine)
    return over_seeds([n * whole - (n - 1) * edge([row for row in mine if row["seed"] != seed]) for seed in seeds])


def _seeds(rows: Rows) -> list[int]:
    return sorted({row["seed"] for row in rows})
