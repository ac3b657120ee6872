"""Statistics of the copies of a memory, and their means over repetitions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.tails import LikelihoodRatio, PowerLaw, compare, fit_power_law
from hubbub.analysis.temporal import (
    CriticalInterval,
    EventScaling,
    Scaling,
    critical_interval,
    dfa,
    diffusion_entropy,
    event_scaling,
    recorded_avalanches,
    recorded_events,
    recorded_series,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run


EXPONENTIAL = "exponential"


@dataclass(frozen=True)
class WaitingTimes:
    """Times between events, and whether a power law or an exponential fits them better.

    Attributes
    ----------
    times
        Steps from each event to the next `[n]`.
    fit
        Power law above an estimated cut-off.
    ratio, ratio_of_all
        Likelihood ratio of power law and exponential, in the tail of `fit` and for all times; above 0 the power
        law fits better.
    """

    times: NDArray[np.int64]
    fit: PowerLaw
    ratio: LikelihoodRatio
    ratio_of_all: LikelihoodRatio

    @classmethod
    def of(cls, times: NDArray[np.int64]) -> WaitingTimes:
        """Fit times `[n]`; with fewer than 50 the values are NaN and `fit.reason` says why."""
        tail = fit_power_law(times, discrete=True)
        whole = fit_power_law(times, discrete=True, cutoff=max(int(times.min(initial=1)), 1))
        ratio, of_all = (compare(times, fit, against=[EXPONENTIAL])[EXPONENTIAL] for fit in (tail, whole))
        return cls(times, tail, ratio, of_all)


@dataclass(frozen=True)
class CopyStatistics:
    """The statistics of one copy after its burn-in; NaN where the run has no record for them.

    Attributes
    ----------
    noise, load, repetition
        Noise level, number of stored patterns, and number of the repetition.
    overlap, mean_overlap, mean_activity
        Overlap at the end, and means over the steps; overlaps are NaN for a memory without patterns.
    h, delta
        Exponents of the overlap (without patterns: of the activity), by DFA and by diffusion entropy.
    walk
        Exponents of the asymmetric-jump walk whose jumps are the coincidences.
    n_avalanches, births
        Number of avalanches, and the times between their births.
    n_coincidences, coincidences
        Number of coincidences, and the times between them.
    """

    noise: float
    load: int
    repetition: int
    overlap: float
    mean_overlap: float
    mean_activity: float
    h: Scaling
    delta: Scaling
    walk: EventScaling
    n_avalanches: int
    births: WaitingTimes
    n_coincidences: int
    coincidences: WaitingTimes

    def row(self) -> dict[str, float]:
        """Return the statistics by name."""
        return {
            "noise": self.noise,
            "load": self.load,
            "repetition": self.repetition,
            "overlap": self.overlap,
            "mean_overlap": self.mean_overlap,
            "mean_activity": self.mean_activity,
            "h": self.h.value,
            "h_error": self.h.error,
            "h_segment": self.h.widest.value,
            "h_segment_low": self.h.widest.low,
            "h_segment_high": self.h.widest.high,
            "delta": self.delta.value,
            "h_events": self.walk.h.value,
            "delta_events": self.walk.delta.value,
            "avalanches": self.n_avalanches,
            "mu_births": self.births.fit.value,
            "births_cutoff": self.births.fit.cutoff,
            "births_against_exponential": self.births.ratio.normalised,
            "births_against_exponential_all": self.births.ratio_of_all.normalised,
            "coincidences": self.n_coincidences,
            "mu_coincidences": self.coincidences.fit.value,
            "coincidences_cutoff": self.coincidences.fit.cutoff,
            "coincidences_against_exponential": self.coincidences.ratio.normalised,
            "coincidences_against_exponential_all": self.coincidences.ratio_of_all.normalised,
        }


def copy_table(run: Run) -> pa.Table:
    """Return number, noise level, load and repetition of each copy of a run of memories."""
    return run.table("copies.parquet")


def last_of_copies(run: Run, metric: str) -> NDArray[np.float64]:
    """Return the last value of a metric for every copy `[C]`; NaN where there is none."""
    import pyarrow.compute as pc

    rows = run.metric_rows()
    rows = rows.filter(pc.and_(pc.equal(rows["name"], metric), pc.is_valid(rows["copy"]))).sort_by("step")
    values = np.full(len(copy_table(run)), np.nan)
    values[rows["copy"].to_numpy()] = rows["value"].to_numpy()
    return values


def recorded_signal(run: Run) -> tuple[str, NDArray[np.float64]]:
    """Return "overlap" (without patterns: "activity") and its record `[C, T]` after the burn-in.

    The record is `[C, 0]` where the run has no series.
    """
    name = "overlap" if np.isfinite(last_of_copies(run, "overlap")).any() else "activity"
    recording = run.configuration["recording"]
    if not recording["series_every"]:
        return name, np.empty((len(copy_table(run)), 0))
    return name, recorded_series(run, name)[:, recording["burn_in_steps"] // recording["series_every"] :]


def copy_statistics(run: Run) -> list[CopyStatistics]:
    """Return the statistics of every copy of a run of memories.

    No surrogates are made, because copies are compared with copies at other noise levels. Holds the overlap of all
    copies in memory, 8 bytes per recorded step. About 0.1 s for a copy of 1e5 steps.
    """
    copies, (_, signal) = copy_table(run), recorded_signal(run)
    burn_in = int(run.configuration["recording"]["burn_in_steps"])
    overlap, mean_overlap, activity = (last_of_copies(run, name) for name in ("overlap", "mean_overlap", "activity"))
    if run.configuration["recording"]["series_every"]:
        activity = recorded_series(run, "activity").mean(axis=1)
    events, found = recorded_events(run, "coincidence"), recorded_avalanches(run)
    n_steps = max(run.step - burn_in, 0)
    return [
        CopyStatistics(
            noise=row["noise"],
            load=row["load"],
            repetition=row["repetition"],
            overlap=float(overlap[copy]),
            mean_overlap=float(mean_overlap[copy]),
            mean_activity=float(activity[copy]),
            h=dfa(signal[copy], surrogates=0),
            delta=diffusion_entropy(signal[copy], surrogates=0),
            walk=event_scaling(events[copy] - burn_in - 1, n_steps, surrogates=0),
            n_avalanches=len(found[copy]),
            births=WaitingTimes.of(np.diff(found[copy].births)),
            n_coincidences=len(events[copy]),
            coincidences=WaitingTimes.of(np.diff(events[copy])),
        )
        for copy, row in enumerate(copies.to_pylist())
    ]


@dataclass(frozen=True)
class Phases:
    """Statistics over noise and load, as means over repetitions.

    Attributes
    ----------
    noise, loads
        Noise levels `[P]` and loads `[K]`, ascending.
    rows
        The rows of all copies (`CopyStatistics.row`).
    """

    noise: NDArray[np.float64]
    loads: NDArray[np.int64]
    rows: Sequence[dict[str, float]]

    @classmethod
    def of(cls, rows: Sequence[dict[str, float]]) -> Phases:
        """Return the statistics of the rows of copies (`CopyStatistics.row`)."""
        noise, loads = (np.unique([row[name] for row in rows]) for name in ("noise", "load"))
        return cls(noise, loads.astype(np.int64), rows)

    def mean(self, name: str) -> NDArray[np.float64]:
        """Return the mean of a statistic over repetitions `[K, P]`; NaN where no repetition has a finite value."""
        values = np.array([row[name] for row in self.rows], dtype=float)
        kept = np.isfinite(values)
        places = [np.searchsorted(axis, [row[at] for row in self.rows]) for axis, at in self._axes]
        shape = (len(self.loads), len(self.noise))
        flat = np.ravel_multi_index(tuple(place[kept] for place in places), shape)
        n_cells = math.prod(shape)
        count = np.bincount(flat, minlength=n_cells)
        total = np.bincount(flat, values[kept], n_cells)
        return np.where(count, total / np.maximum(count, 1), np.nan).reshape(shape)

    @cached_property
    def critical(self) -> CriticalInterval:
        """The critical interval of each load, from mean H − error over repetitions.

        The error is that of the records (block bootstrap), divided by √(number of repetitions).
        """
        n_repetitions = len(self.rows) / (len(self.loads) * len(self.noise))
        return critical_interval(self.noise, self.mean("h"), self.mean("h_error") / math.sqrt(n_repetitions))

    @property
    def _axes(self) -> tuple[tuple[NDArray[Any], str], ...]:
        return (self.loads, "load"), (self.noise, "noise")
