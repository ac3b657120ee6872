"""What the copies of a memory did: the statistics of each, and their means over repetitions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

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
class Waiting:
    """Times between events, and whether they are more like a power law or an exponential.

    Attributes
    ----------
    times
        Steps between neighbouring events `[n]`.
    fit
        Power law from its own cut-off up.
    ratio, ratio_of_all
        Likelihood ratio against an exponential on the tail of `fit`, and on all times; above 0 for the power law.
    """

    times: np.ndarray
    fit: PowerLaw
    ratio: LikelihoodRatio
    ratio_of_all: LikelihoodRatio

    @classmethod
    def of(cls, times: np.ndarray) -> Waiting:
        """Fit times `[n]`; with less than 50 of them the fit says so."""
        tail = fit_power_law(times, discrete=True)
        whole = fit_power_law(times, discrete=True, cutoff=max(int(times.min(initial=1)), 1))
        ratio, of_all = (compare(times, fit, against=[EXPONENTIAL])[EXPONENTIAL] for fit in (tail, whole))
        return cls(times, tail, ratio, of_all)


@dataclass(frozen=True)
class CopyStatistics:
    """The statistics of one copy after its burn-in; those that the run recorded nothing for are NaN.

    Attributes
    ----------
    noise, load, repetition
        What the copy is.
    overlap, mean_overlap, mean_activity
        Overlap at the end, and means over the steps; overlaps are NaN for a memory without patterns.
    h, delta
        Exponents of the overlap (of the activity, where there are no patterns) by DFA and by diffusion entropy.
    walk
        Exponents of the asymmetric-jump walk that the coincidences drive.
    n_avalanches, births
        Number of avalanches, and the times from birth to birth.
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
    births: Waiting
    n_coincidences: int
    coincidences: Waiting

    def row(self) -> dict[str, float]:
        """Return the numbers by name."""
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
    """Return what each copy of a run of memories is: copy, noise, load, repetition."""
    from hubbub.simulator.store.tables import read_table

    columns = {"copy": "int64", "noise": "float64", "load": "int64", "repetition": "int64"}
    return read_table(run.path, "copies.parquet", columns)


def last_of_copies(run: Run, metric: str) -> np.ndarray:
    """Return the last value of a metric of every copy `[C]`; NaN where there is none."""
    import pyarrow.compute as pc

    rows = run.metrics()
    rows = rows.filter(pc.and_(pc.equal(rows["name"], metric), pc.is_valid(rows["copy"]))).sort_by("step")
    values = np.full(len(copy_table(run)), np.nan)
    values[rows["copy"].to_numpy()] = rows["value"].to_numpy()
    return values


def recorded_signal(run: Run) -> tuple[str, np.ndarray]:
    """Return "overlap" or, for a memory without patterns, "activity", and its record `[C, T]` after the burn-in.

    `[C, 0]` where the run has no series.
    """
    name = "overlap" if np.isfinite(last_of_copies(run, "overlap")).any() else "activity"
    recording = run.configuration["recording"]
    if not recording["series_every"]:
        return name, np.empty((len(copy_table(run)), 0))
    return name, recorded_series(run, name)[:, recording["burn_in_steps"] // recording["series_every"] :]


def copy_statistics(run: Run) -> list[CopyStatistics]:
    """Return the statistics of every copy of a run of memories.

    No surrogates are made: what is compared with chance here is the copy at other noise. Holds the overlap of all
    copies in memory, 8 bytes a recorded step. About 0.1 s for a copy of 1e5 steps.
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
            births=Waiting.of(np.diff(found[copy].births)),
            n_coincidences=len(events[copy]),
            coincidences=Waiting.of(np.diff(events[copy])),
        )
        for copy, row in enumerate(copies.to_pylist())
    ]


@dataclass(frozen=True)
class Phases:
    """Statistics over noise and load, means over repetitions.

    Attributes
    ----------
    noise, loads
        Noise levels `[P]` and loads `[K]`, ascending.
    rows
        The rows of all copies (`CopyStatistics.row`).
    """

    noise: np.ndarray
    loads: np.ndarray
    rows: Sequence[dict[str, float]]

    @classmethod
    def of(cls, rows: Sequence[dict[str, float]]) -> Phases:
        """Put the rows of copies in their places."""
        noise, loads = (np.unique([row[name] for row in rows]) for name in ("noise", "load"))
        return cls(noise, loads.astype(np.int64), rows)

    def mean(self, name: str) -> np.ndarray:
        """Return the mean over repetitions of a statistic `[K, P]`; NaN where no repetition has one."""
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
        """The critical interval of each load, from the mean H over repetitions less its error.

        The error is that of the records (their block bootstrap), over the root of the number of repetitions.
        """
        n_repetitions = len(self.rows) / (len(self.loads) * len(self.noise))
        return critical_interval(self.noise, self.mean("h"), self.mean("h_error") / math.sqrt(n_repetitions))

    @property
    def _axes(self) -> tuple[tuple[np.ndarray, str], ...]:
        return (self.loads, "load"), (self.noise, "noise")
