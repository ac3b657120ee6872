"""Diffusion entropy: how the distribution of a walk's displacement widens with time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from hubbub.analysis.temporal.bootstrap import BLOCKS, block_weights
from hubbub.analysis.temporal.record import reason_unusable, series
from hubbub.analysis.temporal.scaling import Scaling, checked_lags, fit_scaling, log_scales, undefined_scaling
from hubbub.analysis.temporal.surrogates import Surrogate, shuffled, surrogate_null
from hubbub.simulator.errors import ConfigurationError, complaint

STEPS_NEEDED = 250
SHORTEST = 10
BINS_PER_WINDOW = 4


def diffusion_entropy(
    record: np.ndarray,
    *,
    bin_width: float | None = None,
    lags: np.ndarray | None = None,
    generator: np.random.Generator | None = None,
    surrogate: Surrogate = shuffled,
    surrogates: int = 20,
) -> Scaling:
    """Return the exponent δ of a record `[T]` by diffusion entropy analysis (Scafetta & Grigolini 2002).

    The record is summed; the displacements of the sum over all overlapping windows of `lag` steps are put into bins,
    and their Shannon entropy grows as S = A + δ ln(lag). The curve is S in nats. Unlike the variance, the entropy
    scales as the distribution also where that is Lévy: an asymmetric-jump walk has δ = 1 / (μ − 1) for 2 < μ < 3.

    Parameters
    ----------
    bin_width
        In units of the record; when not given, 1 for whole numbers and the standard deviation for others.
    lags
        50 spread evenly in the logarithm from 10 to T / 5 when not given.
    generator, surrogate, surrogates
        As for `dfa`. The errors are first-order: a stretch of the record weighs by its mean surprise −ln p.

    Long windows overlap, so that few are independent, and the entropy of few is too low: towards T / 5 the curve bends
    down, and the widest segment is closer to δ than the one slope. Below 250 steps, for a constant record, and where a
    bin holds all displacements, NaN with the reason. O(T) for each lag, and O(T log T) where the displacements spread
    over many more bins than there are windows.
    """
    values, lags = series(record), checked_lags(lags, shortest=1)
    if bin_width is not None and not 0 < bin_width < math.inf:
        raise ConfigurationError(complaint("bin_width", expected="a finite number above 0", got=bin_width))
    width = bin_width or (1.0 if (values % 1 == 0).all() else float(values.std()))
    estimator = f"diffusion entropy in bins of {width:g}: S in nats against ln lag"
    n = len(values)
    reason = reason_unusable(values, steps=STEPS_NEEDED if lags is None else 2 * int(lags[-1]))
    if reason:
        return undefined_scaling(reason, estimator=estimator, n=n)
    if lags is None:
        lags = log_scales(SHORTEST, n / 5)
    generator = generator or np.random.default_rng(0)
    surprise = _surprises(values, lags, width)
    curve = surprise.mean(axis=1)
    if not curve.any():
        reason = f"bin_width: expected bins that part the displacements, got one bin of {width:g} for all"
        return undefined_scaling(reason, estimator=estimator, n=n)
    weights = block_weights(generator)
    weights /= weights.mean(axis=1, keepdims=True)
    found = fit_scaling(lags, curve, weights @ surprise.T / BLOCKS, estimator=estimator, n=n)

    def exponent(other: np.ndarray) -> float:
        entropies = _surprises(other, lags, width).mean(axis=1)
        return fit_scaling(lags, entropies, entropies[None], estimator=estimator, n=n).value

    null = surrogate_null(exponent, values, surrogate=surrogate, generator=generator, surrogates=surrogates)
    return replace(found, null=null)


def _surprises(record: np.ndarray, lags: np.ndarray, width: float) -> np.ndarray:
    """Return the mean of −ln p(bin) over the windows of each block, for each lag `[S, BLOCKS]`."""
    path = np.concatenate([[0.0], np.cumsum(record)])
    return np.array([_surprise(path, int(lag), width) for lag in lags])


def _surprise(path: np.ndarray, lag: int, width: float) -> np.ndarray:
    """Return it for one lag `[BLOCKS]`; the mean over blocks is the entropy."""
    bins = np.floor((path[lag:] - path[:-lag]) / width)
    bins -= bins.min()
    n = len(bins)
    few = bins.max() < BINS_PER_WINDOW * n
    places = bins.astype(np.int64) if few else np.unique(bins, return_inverse=True)[1]
    counts = np.bincount(places)
    surprise = math.log(n) - np.log(np.maximum(counts, 1))
    starts = np.arange(BLOCKS) * n // BLOCKS
    # Blocks differ by one window at most, so the mean of their means is the mean of all windows.
    return np.add.reduceat(surprise[places], starts) / np.diff(starts, append=n)
