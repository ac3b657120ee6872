"""Shape collapse: avalanches of all durations have one shape when time and height are rescaled."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.temporal.avalanches import Avalanches
from hubbub.analysis.temporal.record import series

POINTS = 50
AVALANCHES_PER_DURATION = 20
DURATIONS_NEEDED = 3
SAMPLES = 200


@dataclass(frozen=True)
class ShapeCollapse:
    """The γ with which the mean shapes of avalanches fall onto each other.

    Attributes
    ----------
    value, error
        γ, and its bootstrap error over durations; NaN where it is not defined, and then `reason` says why.
    low, high
        The range of durations used.
    n
        Number of avalanches in it.
    durations
        The D durations `[D]`.
    time, profiles
        Places in the avalanche from 0 to 1 `[U]`, and the rescaled mean activity T^(1−γ) ⟨A(u T)⟩ `[D, U]` there.
    spread
        Mean variance of the profiles over durations, in units of the squared range of their mean.
    """

    value: float
    error: float
    low: float
    high: float
    n: int
    durations: np.ndarray
    time: np.ndarray
    profiles: np.ndarray
    spread: float
    reason: str = ""

    def __float__(self) -> float:
        return self.value


def shape_collapse(
    activity: np.ndarray, found: Avalanches, *, shortest: int = 5, generator: np.random.Generator | None = None
) -> ShapeCollapse:
    """Return the shape collapse of the avalanches `found` in an activity `[T]` by `avalanches`, in bins of one step.

    The mean activity of the avalanches of each duration T is a function of u = t / T, and γ makes T^(1−γ) times it
    alike for all T: the smallest spread (Marshall et al. 2016). Used are durations from `shortest` up with 20
    avalanches or more; a few steps are too coarse for a shape and make γ too small. `generator` draws the bootstrap,
    `np.random.default_rng(0)` when not given. O(T + D U).
    """
    from scipy.optimize import minimize_scalar

    values = series(activity, name="activity")
    lengths, counts = np.unique(found.durations, return_counts=True)
    used = (counts >= AVALANCHES_PER_DURATION) & (lengths >= shortest)
    durations, n = lengths[used], int(counts[used].sum())
    time = (np.arange(POINTS) + 0.5) / POINTS
    if len(durations) < DURATIONS_NEEDED:
        reason = (
            f"durations: expected {DURATIONS_NEEDED} of at least {shortest} steps with {AVALANCHES_PER_DURATION} "
            f"avalanches each, got {len(durations)}"
        )
        nan = math.nan
        return ShapeCollapse(nan, nan, nan, nan, n, durations, time, np.empty((0, POINTS)), nan, reason)
    shapes = np.stack([_mean_shape(values, found, int(duration), time) for duration in durations])

    def rescaled(gamma: float, rows: np.ndarray) -> np.ndarray:
        return shapes[rows] * durations[rows, None] ** (1.0 - gamma)

    def spread(gamma: float, rows: np.ndarray) -> float:
        profiles = rescaled(gamma, rows)
        return float(profiles.var(axis=0).mean() / np.ptp(profiles.mean(axis=0)) ** 2)

    def best(rows: np.ndarray) -> float:
        return float(minimize_scalar(lambda gamma: spread(gamma, rows), bounds=(0, 4), method="bounded").x)

    every = np.arange(len(durations))
    gamma = best(every)
    generator = generator or np.random.default_rng(0)
    drawn = generator.integers(len(every), size=(SAMPLES, len(every)))
    error = float(np.std([best(rows) for rows in drawn if np.ptp(rows)]))
    low, high = float(durations[0]), float(durations[-1])
    profiles = rescaled(gamma, every)
    return ShapeCollapse(gamma, error, low, high, n, durations, time, profiles, spread(gamma, every))


def _mean_shape(activity: np.ndarray, found: Avalanches, duration: int, time: np.ndarray) -> np.ndarray:
    """Return the mean activity of the avalanches of one duration at places `time [U]` between 0 and 1."""
    births = found.births[found.durations == duration]
    mean = activity[births[:, None] + np.arange(duration)].mean(axis=0)
    return np.interp(time, (np.arange(duration) + 0.5) / duration, mean)
