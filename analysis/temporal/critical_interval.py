"""The critical interval: the noise levels at which a scaling exponent is larger than chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Real

from hubbub.analysis.validation import MAY_BE_NAN, Limits, validated
from hubbub.simulator.errors import ConfigurationError, complaint

LEVEL = 0.6
ERROR = Limits(least=0, nan=True)


@dataclass(frozen=True)
class CriticalInterval:
    """Where H lies above a level, for each of K loads; NaN for loads at which it never does.

    Attributes
    ----------
    lower, upper, width
        Noise at which H minus its errors crosses the level below and above the peak, and the difference of these.
    peak, h_peak, error
        Noise with the largest H minus its errors, H there and its error.
    open
        Whether the interval reaches the smallest or the largest noise level, so that it may be wider.
    level, errors
        The level, and how many standard errors are subtracted from H.
    """

    lower: Float[np.ndarray, " K"]
    upper: Float[np.ndarray, " K"]
    width: Float[np.ndarray, " K"]
    peak: Float[np.ndarray, " K"]
    h_peak: Float[np.ndarray, " K"]
    error: Float[np.ndarray, " K"]
    open: Bool[np.ndarray, " K"]
    level: float
    errors: float


@validated(h=MAY_BE_NAN, h_error=ERROR)
def critical_interval(
    noise: Real[np.ndarray, " P"],
    h: Real[np.ndarray, "*K P"],
    h_error: Real[np.ndarray, "*K P"],
    *,
    level: float = LEVEL,
    errors: float = 1.0,
) -> CriticalInterval:
    """Return the interval of noise in which H is above `level` by `errors` standard errors, for each of K loads.

    `noise` holds P ascending levels; `h` and `h_error` are `[K, P]`, or `[P]` for one load; all are int or float. The
    interval is the run of noise levels around the peak of H − `errors` · `h_error` at which this is above `level`; its
    ends are interpolated linearly between the last level inside and the next one outside. NaN (the H of a constant
    record) counts as below. One constant record splits the run, so average H over repetitions first. O(K P).

    Raises
    ------
    ConfigurationError
        Noise levels that do not ascend, or arrays of other shapes.
    """
    noise, h, h_error = (np.asarray(values, dtype=float) for values in (noise, h, h_error))
    if noise.ndim != 1 or len(noise) < 2 or not (np.diff(noise) > 0).all():
        raise ConfigurationError("noise: expected at least 2 ascending levels [P]")
    for name, values in (("h", h), ("h_error", h_error)):
        if values.ndim not in (1, 2) or values.shape[-1] != len(noise) or values.shape != h.shape:
            expected = f"shape [K, {len(noise)}] or [{len(noise)}], the same for both"
            raise ConfigurationError(complaint(name, expected=expected, got=values.shape))
    rows = [
        _interval(noise, row - errors * error, level)
        for row, error in zip(np.atleast_2d(h), np.atleast_2d(h_error), strict=True)
    ]
    lower, upper, peaks, is_open = (np.array(column) for column in zip(*rows, strict=True))
    row = np.arange(len(peaks))
    found = peaks >= 0
    peak, h_peak, error = (
        np.where(found, values, np.nan)
        for values in (noise[peaks], np.atleast_2d(h)[row, peaks], np.atleast_2d(h_error)[row, peaks])
    )
    return CriticalInterval(lower, upper, upper - lower, peak, h_peak, error, is_open, level, errors)


def _interval(
    noise: Float[np.ndarray, " P"], h: Float[np.ndarray, " P"], level: float
) -> tuple[float, float, int, bool]:
    """Return both crossings, the index of the peak (−1 for none), and whether an end of the noise levels is reached."""
    h = np.where(np.isnan(h), -np.inf, h)
    peak = int(h.argmax())
    if not h[peak] > level:
        return np.nan, np.nan, -1, False
    outside = np.flatnonzero(h <= level)
    left, right = outside[outside < peak], outside[outside > peak]

    def crossing(inner: int, outer: int) -> float:
        if not np.isfinite(h[outer]):
            return float(noise[inner])
        share = (h[inner] - level) / (h[inner] - h[outer])
        return float(noise[inner] + share * (noise[outer] - noise[inner]))

    lower = crossing(int(left[-1]) + 1, int(left[-1])) if len(left) else float(noise[0])
    upper = crossing(int(right[0]) - 1, int(right[0])) if len(right) else float(noise[-1])
    return lower, upper, peak, not (len(left) and len(right))
