"""The branching ratio: how many followers one active unit has on average, seen through a sample of the units."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.temporal.bootstrap import BLOCKS
from hubbub.analysis.temporal.record import reason_unusable, series

STEPS_NEEDED = 1000
MOST_LAGS = 100


@dataclass(frozen=True)
class BranchingRatio:
    """A branching ratio m from the decay of correlations r_k = b m^k.

    Attributes
    ----------
    value, error
        m and its error from ten stretches of the record; NaN where it is not defined, and then `reason` says why.
    low, high
        The range of lags k used.
    n
        Length of the record.
    amplitude
        b: 1 when all units are seen, less under subsampling.
    timescale_steps
        −1 / ln m.
    lags, correlations
        k and r_k `[S]`.
    level
        What r_k of a record without memory stays below: 2 / √n, two standard deviations of the shuffled record.
    """

    value: float
    error: float
    low: int
    high: int
    n: int
    amplitude: float
    timescale_steps: float
    lags: np.ndarray
    correlations: np.ndarray
    level: float
    reason: str = ""

    def __float__(self) -> float:
        return self.value


def branching_ratio(activity: np.ndarray) -> BranchingRatio:
    """Return the branching ratio of an activity `[T]` by multistep regression (Wilting & Priesemann 2018).

    r_k is the slope of the regression of A(t + k) on A(t). In a branching process with constant drive r_k = b m^k, and
    seeing only a part of the units changes b alone; so m is fitted to many k, with b free (least squares). The k go
    from 1 to where r_k has fallen to r_1 / e² or to twice its standard deviation without memory, at most to T / 10; 100
    of them are used when there are more. A short record makes m too small, by about the time scale over T.

    Below 1,000 steps, for a constant record, and where no two lags are correlated, NaN with the reason. The null is in
    the last: a shuffled record has no r_k above `level`, and nothing to fit. O(T log T).
    """
    values = series(activity, name="activity")
    n = len(values)
    level = 2 / math.sqrt(n) if n else math.nan
    reason = reason_unusable(values, steps=STEPS_NEEDED, name="activity")
    if reason:
        return _undefined(reason, n, level)
    away = values - values.mean()
    correlations = _correlations(away)
    faded = correlations[1:] < max(level, correlations[1] / math.e**2)
    high = int(faded.argmax()) if faded.any() else len(correlations) - 1
    if high < 2:
        reason = f"activity: expected correlations above {level:.2g} at two lags or more, got {high}"
        return _undefined(reason, n, level)
    lags = np.unique(np.linspace(1, high, min(high, MOST_LAGS)).astype(np.int64))
    seen = correlations[lags]
    amplitude, ratio = _exponential(lags, seen)

    # To first order a stretch of the record moves (b, m) as it moves the r_k.
    slopes = np.stack([ratio**lags, amplitude * lags * ratio ** (lags - 1.0)], axis=1)
    moves = np.linalg.pinv(slopes)[1] @ _influence(away, lags, seen)
    error = math.sqrt(BLOCKS / (BLOCKS - 1) * float(moves @ moves))
    return BranchingRatio(ratio, error, 1, high, n, amplitude, -1 / math.log(ratio), lags, seen, level)


def _undefined(reason: str, n: int, level: float) -> BranchingRatio:
    nan, none = math.nan, np.empty(0)
    return BranchingRatio(nan, nan, 0, 0, n, nan, nan, none, none, level, reason)


def _correlations(away: np.ndarray) -> np.ndarray:
    """Return r_k for k = 0 … T / 10 of a record less its mean `[T]`, by the fast Fourier transform."""
    from scipy.fft import irfft, next_fast_len, rfft

    n = len(away)
    n_lags = n // 10
    size = next_fast_len(n + n_lags, real=True)
    products = irfft(np.abs(rfft(away, size)) ** 2, size)[: n_lags + 1]
    return np.asarray(products / (n - np.arange(n_lags + 1)) / (products[0] / n))


def _exponential(lags: np.ndarray, seen: np.ndarray) -> tuple[float, float]:
    """Return b and m of the least-squares r_k = b m^k; for a given m the best b is known, so one number is searched."""
    from scipy.optimize import minimize_scalar

    def amplitude(rate: float) -> float:
        powers = np.exp(-rate * lags)
        return float(seen @ powers / (powers @ powers))

    def left(log_rate: float) -> float:
        rate = math.exp(log_rate)
        return float(((seen - amplitude(rate) * np.exp(-rate * lags)) ** 2).sum())

    last = float(lags[-1])
    grid = np.linspace(math.log(1e-3 / last), math.log(20), 60)
    best = int(np.argmin([left(at) for at in grid]))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    rate = math.exp(minimize_scalar(left, bounds=bounds, method="bounded", options={"xatol": 1e-9}).x)
    return amplitude(rate), math.exp(-rate)


def _influence(away: np.ndarray, lags: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return how much each tenth of the record moves each r_k `[S, BLOCKS]`."""
    n = len(away)
    starts = np.arange(BLOCKS) * n // BLOCKS
    square = np.add.reduceat(away**2, starts)
    moves = []
    for lag, r in zip(lags.tolist(), seen, strict=True):
        product = np.concatenate([away[:-lag] * away[lag:], np.zeros(lag)])
        moves.append((np.add.reduceat(product, starts) * n / (n - lag) - r * square) / square.sum())
    return np.array(moves)
