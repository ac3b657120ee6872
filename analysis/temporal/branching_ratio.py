"""The branching ratio: the mean number of units that one active unit activates, estimated from a sample of units."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.temporal.bootstrap import BLOCKS
from hubbub.analysis.temporal.record import reason_unusable, series
from hubbub.analysis.validation import validated

STEPS_NEEDED = 1000
MAX_LAGS = 100


@dataclass(frozen=True)
class BranchingRatio:
    """A branching ratio m from the decay of correlations r_k = b m^k.

    Attributes
    ----------
    value, error
        m and its error from ten blocks of the record (value ± 2.26 errors is a 95 % interval); NaN where it is
        undefined, and then `reason` says why.
    low, high
        The range of lags k used, in steps.
    n
        Length of the record.
    amplitude
        b: 1 when all units are recorded, less when only a sample is.
    timescale_steps
        −1 / ln m.
    lags, correlations
        k and r_k `[S]`.
    level
        Two standard deviations of r_k of a record without memory, 2 / √n.
    """

    value: float
    error: float
    low: int
    high: int
    n: int
    amplitude: float
    timescale_steps: float
    lags: Int[np.ndarray, " S"]
    correlations: Float[np.ndarray, " S"]
    level: float
    reason: str = ""

    def __float__(self) -> float:
        return self.value


@validated()
def branching_ratio(activity: Real[np.ndarray, " T"]) -> BranchingRatio:
    """Return the branching ratio of an activity (int or float) by multistep regression (Wilting & Priesemann 2018).

    r_k is the slope of the regression of A(t + k) on A(t). In a branching process with constant input r_k = b m^k, and
    recording only a part of the units changes b alone; so m is fitted to many k, with b free (least squares). The lags
    go from 1 to where r_k has fallen to r_1 / e² or to twice its standard deviation without memory, at most to T / 10;
    at most 100 of them are used. In a short record m is too small, by about the time scale divided by T.

    Below 1,000 steps, for a constant record, and where correlations at fewer than two lags exceed `level`, NaN with the
    reason. This threshold replaces a null: in a shuffled record no r_k exceeds it. O(T log T).

    Raises
    ------
    ConfigurationError
        An activity that is not one row of finite numbers.
    """
    values = series(activity, name="activity")
    n = len(values)
    level = 2 / math.sqrt(n) if n else math.nan
    reason = reason_unusable(values, steps=STEPS_NEEDED, name="activity")
    if reason:
        return _undefined(reason, n, level)
    centred = values - values.mean()
    correlations = _correlations(centred)
    small = correlations[1:] < max(level, correlations[1] / math.e**2)
    high = int(small.argmax()) if small.any() else len(correlations) - 1
    if high < 2:
        reason = f"activity: expected correlations above {level:.2g} at two lags or more, got {high}"
        return _undefined(reason, n, level)
    lags = np.unique(np.linspace(1, high, min(high, MAX_LAGS)).astype(np.int64))
    used = correlations[lags]
    amplitude, ratio = _exponential(lags, used)

    # To first order a block of the record changes (b, m) through the change of the r_k.
    slopes = np.stack([ratio**lags, amplitude * lags * ratio ** (lags - 1.0)], axis=1)
    changes = np.linalg.pinv(slopes)[1] @ _influence(centred, lags, used)
    error = math.sqrt(BLOCKS / (BLOCKS - 1) * float(changes @ changes))
    return BranchingRatio(ratio, error, 1, high, n, amplitude, -1 / math.log(ratio), lags, used, level)


def _undefined(reason: str, n: int, level: float) -> BranchingRatio:
    nan, lags = math.nan, np.empty(0, dtype=np.int64)
    return BranchingRatio(nan, nan, 0, 0, n, nan, nan, lags, np.empty(0), level, reason)


def _correlations(centred: Float[np.ndarray, " T"]) -> Float[np.ndarray, " lags"]:
    """Return r_k for k = 0 … T / 10 of a record less its mean, by the fast Fourier transform."""
    from scipy.fft import irfft, next_fast_len, rfft

    n = len(centred)
    n_lags = n // 10
    size = next_fast_len(n + n_lags, real=True)
    products = irfft(np.abs(rfft(centred, size)) ** 2, size)[: n_lags + 1]
    return np.asarray(products / (n - np.arange(n_lags + 1)) / (products[0] / n))


def _exponential(lags: Int[np.ndarray, " S"], used: Float[np.ndarray, " S"]) -> tuple[float, float]:
    """Return b and m of the least-squares fit r_k = b m^k; b has a closed form for each m, so only m is searched."""
    from scipy.optimize import minimize_scalar

    def amplitude(rate: float) -> float:
        powers = np.exp(-rate * lags)
        return float(used @ powers / (powers @ powers))

    def residual(log_rate: float) -> float:
        rate = math.exp(log_rate)
        return float(((used - amplitude(rate) * np.exp(-rate * lags)) ** 2).sum())

    last = float(lags[-1])
    grid = np.linspace(math.log(1e-3 / last), math.log(20), 60)
    best = int(np.argmin([residual(log_rate) for log_rate in grid]))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    rate = math.exp(minimize_scalar(residual, bounds=bounds, method="bounded", options={"xatol": 1e-9}).x)
    return amplitude(rate), math.exp(-rate)


def _influence(
    centred: Float[np.ndarray, " T"], lags: Int[np.ndarray, " S"], used: Float[np.ndarray, " S"]
) -> Float[np.ndarray, "S blocks"]:
    """Return the first-order influence of each block of the record on each r_k."""
    n = len(centred)
    starts = np.arange(BLOCKS) * n // BLOCKS
    square = np.add.reduceat(centred**2, starts)
    influence = []
    for lag, r in zip(lags.tolist(), used, strict=True):
        product = np.concatenate([centred[:-lag] * centred[lag:], np.zeros(lag)])
        influence.append((np.add.reduceat(product, starts) * n / (n - lag) - r * square) / square.sum())
    return np.array(influence)
