"""A record: events or a raster of another tool, and its activity in bins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from hubbub.analysis.temporal import Activity


@dataclass(frozen=True)
class Record:
    """What was read of a file with spikes or activity.

    Attributes
    ----------
    activity
        Events, or active channels, in bins of time.
    form
        What was read, in words.
    notes
        What was decided in reading, one sentence each.
    left_out
        Names of the columns that were not used.
    times, channels
        Times of the n events and their channels as numbers `[n]`; None where the record has none.
    channel_names
        Names of the channels, () where they are not known.
    of_events
        Whether the file had times of single events, not steps of a raster.
    """

    activity: Activity
    form: str
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    times: Float[np.ndarray, " n"] | None = None
    channels: Int[np.ndarray, " n"] | None = None
    channel_names: tuple[str, ...] = ()
    of_events: bool = False

    @property
    def summary(self) -> str:
        """What was read, in one line."""
        known = self.activity
        facts = [self.form]
        if known.n_channels:
            facts.append(f"{known.n_channels:,} channels")
        facts.append(f"{known.n_events:,} events")
        facts.append(f"{len(known):,} bins of {known.bin:g} {known.unit}: {known.rule}")
        if self.left_out:
            facts.append(f"not used: {', '.join(self.left_out)}")
        return "; ".join(facts)

    def states(self, first: int, last: int) -> Shaped[np.ndarray, "bins channels"] | None:
        """Return which channels have an event in the bins `first` … `last` − 1, for a raster; None without channels."""
        if self.times is None or self.channels is None:
            return None
        place = np.floor((self.times - self.activity.start) / self.activity.bin + 1e-6)
        inside = (place >= first) & (place < last)
        states = np.zeros((last - first, self.activity.n_channels), dtype=bool)
        states[place[inside].astype(np.int64) - first, self.channels[inside]] = True
        return states
