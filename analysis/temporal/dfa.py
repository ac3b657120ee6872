"""Detrended fluctuation analysis: how the fluctuations of a record grow with the time they are watched for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hubbub.analysis.measure import Null
from hubbub.analysis.temporal.bootstrap import BLOCKS, block_weights
from hubbub.analysis.temporal.record import reason_unusable, series
from hubbub.analysis.temporal.scaling import Scaling, checked_lags, fit_scaling, log_scales, undefined_scaling
from hubbub.analysis.temporal.surrogates import Surrogate, phase_randomised, shuffled, surrogate_null
from hubbub.simulator.errors import ConfigurationError, complaint

STEPS_NEEDED = 250
SHORTEST = 10


@dataclass(frozen=True)
class Multifractal:
    """Generalised exponents of a record (Kantelhardt et al. 2002).

    Attributes
    ----------
    q
        Moments `[Q]`.
    h
        The exponent h(q) of each, as `dfa` returns it: h(2) is H, and h falls with q in a multifractal record.
    mass
        Mass exponents τ(q) = q h(q) − 1 `[Q]`.
    width, null
        max h − min h, and the same of records with random phases: what a finite linear record shows.
    """

    q: np.ndarray
    h: tuple[Scaling, ...]
    mass: np.ndarray
    width: float
    null: Null | None


def dfa(
    record: np.ndarray,
    *,
    order: int = 1,
    q: float = 2.0,
    lags: np.ndarray | None = None,
    generator: np.random.Generator | None = None,
    surrogate: Surrogate = shuffled,
    surrogates: int = 20,
) -> Scaling:
    """Return the exponent H of a record `[T]` by detrended fluctuation analysis (Peng et al. 1994).

    The record less its mean is summed, the sum is cut into windows of `lag` steps from the start, and a polynomial is
    taken off each window. The q-th order mean of the residual standard deviations is F(lag) ~ lag^H; the curve is
    ln F. White noise gives ½, fractional Gaussian noise its Hurst exponent, and the sum of either one more.

    Parameters
    ----------
    order, q
        Of the polynomial, at least 1; and of the mean: 2 is usual, 0 is the geometric mean.
    lags
        Window lengths; 50 spread evenly in the logarithm from 10 to T / 10 when not given.
    generator
        Draws surrogates, and the weights of ten stretches of the record for the errors;
        `np.random.default_rng(0)` when not given.
    surrogate, surrogates
        The null and its size, 0 for none: `shuffled` by default (H = ½ without memory); `phase_randomised` has the same
        spectrum and tells nothing at q = 2, but much at other q.

    Below 250 steps, and for a constant record, NaN with the reason. O(T) for each lag, and as much again for each
    surrogate.
    """
    lags = checked_lags(lags, shortest=_checked(order) + 2)
    values = series(record)
    generator = generator or np.random.default_rng(0)
    found = _scalings(values, order, (q,), lags, generator)[0]
    if found.reason:
        return found
    null = surrogate_null(
        lambda other: _scalings(other, order, (q,), lags, generator)[0].value,
        values,
        surrogate=surrogate,
        generator=generator,
        surrogates=surrogates,
    )
    return replace(found, null=null)


def multifractal_dfa(
    record: np.ndarray,
    *,
    q: np.ndarray | tuple[float, ...] = (-4, -3, -2, -1, 0, 1, 2, 3, 4),
    order: int = 1,
    lags: np.ndarray | None = None,
    generator: np.random.Generator | None = None,
    surrogates: int = 20,
) -> Multifractal:
    """Return the generalised exponents h(q) of a record `[T]`; the parameters are those of `dfa`.

    Windows without any residual are left out where q ≤ 0.
    """
    lags = checked_lags(lags, shortest=_checked(order) + 2)
    values, moments = series(record), np.asarray(q, dtype=float)
    generator = generator or np.random.default_rng(0)

    def width(scalings: list[Scaling]) -> float:
        return float(np.ptp([scaling.value for scaling in scalings]))

    h = _scalings(values, order, tuple(moments), lags, generator)
    null = surrogate_null(
        lambda other: width(_scalings(other, order, tuple(moments), lags, generator)),
        values,
        surrogate=phase_randomised,
        generator=generator,
        surrogates=0 if h[0].reason else surrogates,
    )
    return Multifractal(moments, tuple(h), moments * [scaling.value for scaling in h] - 1, width(h), null)


def _checked(order: int) -> int:
    if order < 1:
        raise ConfigurationError(complaint("order", expected="a whole number ≥ 1", got=order))
    return order


def _scalings(
    record: np.ndarray,
    order: int,
    q: tuple[float, ...],
    lags: np.ndarray | None,
    generator: np.random.Generator,
) -> list[Scaling]:
    names = [f"DFA of order {order}, q = {moment:g}: ln F against ln lag" for moment in q]
    n = len(record)
    reason = reason_unusable(record, steps=STEPS_NEEDED if lags is None else 2 * int(lags[-1]))
    if reason:
        return [undefined_scaling(reason, estimator=name, n=n) for name in names]
    if lags is None:
        lags = log_scales(max(SHORTEST, order + 2), n / 10)
    profile = np.cumsum(record - record.mean())
    moments = np.array([_window_moments(profile, int(lag), order, q) for lag in lags])
    weights = np.vstack([np.ones(BLOCKS), block_weights(generator)])
    found = []
    for at, (moment, name) in enumerate(zip(q, names, strict=True)):
        total, count = moments[:, at, 0], moments[:, at, 1]
        seen = (total != 0).any(axis=1)
        if np.count_nonzero(seen) < 2:
            reason = "record: expected fluctuations on at least 2 lags, got a straight line"
            found.append(undefined_scaling(reason, estimator=name, n=n))
            continue
        means = weights @ total[seen].T / (weights @ count[seen].T)  # [1 + samples, S]
        curves = means / 2 if moment == 0 else np.log(means) / moment
        found.append(fit_scaling(lags[seen], curves[0], curves[1:], estimator=name, n=n))
    return found


def _window_moments(profile: np.ndarray, lag: int, order: int, q: tuple[float, ...]) -> np.ndarray:
    """Return sums and numbers of the windows' residual variances to the power q / 2, `[Q, 2, BLOCKS]`."""
    from hubbub.analysis.temporal.loops import fill_window_variances

    variances = np.empty(len(profile) // lag)
    fill_window_variances(variances, profile, orthonormal_polynomials(lag, order))
    # A window belongs to the block of its middle.
    borders = np.arange(BLOCKS + 1) * len(profile) // BLOCKS - lag // 2
    borders = np.clip(-(-borders // lag), 0, len(variances))

    def in_blocks(values: np.ndarray) -> np.ndarray:
        return np.diff(np.concatenate([[0.0], np.cumsum(values)])[borders])

    found = []
    for moment in q:
        if moment > 0:
            powers = variances if moment == 2 else variances ** (moment / 2)
            found.append([in_blocks(powers), np.diff(borders)])
        else:
            moves = variances > 0
            powers = np.zeros(len(variances))
            powers[moves] = variances[moves] ** (moment / 2) if moment else np.log(variances[moves])
            found.append([in_blocks(powers), in_blocks(moves)])
    return np.array(found)


def orthonormal_polynomials(n: int, order: int) -> np.ndarray:
    """Return the orthonormal polynomials `[order + 1, n]` on n equidistant points (Gram), by Stieltjes' recurrence."""
    place = np.arange(n) - (n - 1) / 2
    rows = [np.full(n, 1 / np.sqrt(n))]
    for _ in range(order):
        row = place / n * rows[-1]
        for before in rows[-2:]:
            row -= (row @ before) * before
        rows.append(row / np.sqrt(row @ row))
    return np.stack(rows)
