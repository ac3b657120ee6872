"""All that a report says about memories, computed once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.memories import CopyStatistics, Phases, copy_statistics
from hubbub.analysis.temporal import Avalanches
from hubbub.analysis.temporal.recorded import recorded_activity

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class MemoryFindings:
    """What a report says about the copies of a run of memories.

    Attributes
    ----------
    run, copies
        The run, and the statistics of its copies, in their order.
    phases
        The statistics over noise and load.
    shown
        Numbers of the copies in the figures: at the lowest noise, the noise with the largest H, and the highest noise;
        the first repetition of the middle load. Fewer where these are the same.
    activity, avalanches
        Activity `[T]` of the copy with the largest H, and its avalanches; empty where the run has no series.
    """

    run: Run
    copies: list[CopyStatistics]
    phases: Phases
    shown: list[int]
    activity: NDArray[np.float64]
    avalanches: Avalanches

    @property
    def peak(self) -> CopyStatistics:
        """The copy with the largest H, for figures of a single copy."""
        return self.copies[self.shown[len(self.shown) // 2]]

    @property
    def has_patterns(self) -> bool:
        """Whether the memory stores patterns, so that there is an overlap."""
        return bool(np.isfinite([copy.overlap for copy in self.copies]).any())

    @property
    def has_series(self) -> bool:
        """Whether the run recorded overlap or activity step by step."""
        return bool(self.run.configuration["recording"]["series_every"])


def find_memory(run: Run) -> MemoryFindings:
    """Return the findings of a run of memories; `StoreError` when it lacks a table."""
    copies = copy_statistics(run)
    phases = Phases.of([copy.row() for copy in copies])
    middle = len(phases.loads) // 2
    h = phases.mean("h")[middle]
    peak = int(np.nanargmax(h)) if np.isfinite(h).any() else len(phases.noise) // 2
    places = sorted({0, peak, len(phases.noise) - 1})
    load = phases.loads[middle]
    shown = [
        next(i for i, copy in enumerate(copies) if copy.load == load and copy.noise == phases.noise[place])
        for place in places
    ]
    activity, found = recorded_activity(run, shown[len(shown) // 2])
    return MemoryFindings(run, copies, phases, shown, activity, found)
