"""The critical interval: the noise levels at which a scaling exponent is larger than chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint

LEVEL = 0.6


@dataclass(frozen=True)
class CriticalInterval:
    """Where H lies above a level, for each of K loads; NaN for loads at which it never does.

    Attributes
    ----------
    lower, upper, width
        Noise at which H less its errors crosses the level below and above the peak, and the distance `[K]`.
    peak, h_peak, error
        Noise with the largest H less its errors `[K]`, H there and its error.
    open
        Whether the interval touches an end of the noise levels, so that it may be wider `[K]`.
    level, errors
        The level, and how many errors are taken off H.
    """

    lower: np.ndarray
    upper: np.ndarray
    width: np.ndarray
    peak: np.ndarray
    h_peak: np.ndarray
    error: np.ndarray
    open: np.ndarray
    level: float
    errors: float


def critical_interval(
    noise: np.ndarray, h: np.ndarray, h_error: np.ndarray, *, level: float = LEVEL, errors: float = 1.0
) -> CriticalInterval:
    """Return the interval of noise `[P]` in which H `[K, P]` (or `[P]`) lies above `level` by `errors` of its errors.

    It is the run of noise levels around the peak of H − `errors` · `h_error` that all lie above the level; its ends are
    the crossings of the straight lines to the next noise levels outside. H that is NaN (a constant record) is not
    above. A single record that happens to stay where it began cuts the run: average H over repetitions first. O(K P).
    """
    noise, h, h_error = (np.asarray(values, dtype=float) for values in (noise, h, h_error))
    if noise.ndim != 1 or len(noise) < 2 or not (np.diff(noise) > 0).all():
        raise ConfigurationError("noise: expected at least 2 ascending levels [P]")
    for name, values in (("h", h), ("h_error", h_error)):
        if values.ndim not in (1, 2) or values.shape[-1] != len(noise) or values.shape != h.shape:
            expected = f"shape [K, {len(noise)}] or [{len(noise)}], the same for both"
            raise ConfigurationError(complaint(name, expected=expected, got=values.shape))
    rows = [
        _interval(noise, row - errors * spread, level)
        for row, spread in zip(np.atleast_2d(h), np.atleast_2d(h_error), strict=True)
    ]
    lower, upper, at, is_open = (np.array(column) for column in zip(*rows, strict=True))
    row = np.arange(len(at))
    found = at >= 0
    peak, h_peak, error = (
        np.where(found, values, np.nan)
        for values in (noise[at], np.atleast_2d(h)[row, at], np.atleast_2d(h_error)[row, at])
    )
    return CriticalInterval(lower, upper, upper - lower, peak, h_peak, error, is_open, level, errors)


def _interval(noise: np.ndarray, sure: np.ndarray, level: float) -> tuple[float, float, int, bool]:
    """Return the two crossings, the index of the peak (−1 for none), and whether an end of the noise is reached."""
    sure = np.where(np.isnan(sure), -np.inf, sure)
    peak = int(sure.argmax())
    if not sure[peak] > level:
        return np.nan, np.nan, -1, False
    outside = np.flatnonzero(sure <= level)
    left, right = outside[outside < peak], outside[outside > peak]

    def crossing(inner: int, outer: int) -> float:
        if not np.isfinite(sure[outer]):
            return float(noise[inner])
        share = (sure[inner] - level) / (sure[inner] - sure[outer])
        return float(noise[inner] + share * (noise[outer] - noise[inner]))

    lower = crossing(int(left[-1]) + 1, int(left[-1])) if len(left) else float(noise[0])
    upper = crossing(int(right[0]) - 1, int(right[0])) if len(right) else float(noise[-1])
    return lower, upper, peak, not (len(left) and len(right))
