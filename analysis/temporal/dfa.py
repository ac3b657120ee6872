"""Detrended fluctuation analysis: how the fluctuations of a record grow with the length of the window."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int, Real, Shaped

from hubbub.analysis.measure import Null
from hubbub.analysis.temporal.bootstrap import BLOCKS, block_weights
from hubbub.analysis.temporal.record import equally_spaced, reason_unusable, series
from hubbub.analysis.temporal.scaling import Scaling, checked_lags, fit_scaling, log_scales, undefined_scaling
from hubbub.analysis.temporal.surrogates import Surrogate, phase_randomised, shuffled, surrogate_null
from hubbub.analysis.validation import AT_LEAST_1, validated
from hubbub.simulator.errors import ConfigurationError, complaint

STEPS_NEEDED = 250
SHORTEST = 10


@dataclass(frozen=True)
class Multifractal:
    """Generalised exponents of a record (Kantelhardt et al. 2002).

    Attributes
    ----------
    q
        Q moments.
    h
        The exponent h(q) of each moment, as `dfa` returns it: h(2) is H; in a multifractal record h decreases with q.
    mass
        Mass exponents τ(q) = q h(q) − 1.
    width, null
        max h − min h, and the same of phase-randomised records, which are linear.
    """

    q: Float[np.ndarray, " Q"]
    h: tuple[Scaling, ...]
    mass: Float[np.ndarray, " Q"]
    width: float
    null: Null | None


@validated(order=AT_LEAST_1)
def dfa(
    record: Real[np.ndarray, " T"],
    *,
    order: int = 1,
    q: float = 2.0,
    lags: Real[np.ndarray, " S"] | None = None,
    generator: np.random.Generator | None = None,
    surrogate: Surrogate = shuffled,
    surrogates: int = 20,
) -> Scaling:
    """Return the exponent H of a record by detrended fluctuation analysis (Peng et al. 1994).

    The cumulative sum of the record less its mean is divided into windows of `lag` steps, and a polynomial fitted in
    each window is subtracted. The mean of order q of the residual standard deviations is F(lag) ~ lag^H; the curve is
    ln F. White noise has H = ½, fractional Gaussian noise its Hurst exponent; a cumulative sum of either has one more.

    Parameters
    ----------
    record
        Values at T equally spaced steps, int or float.
    order, q
        Order of the polynomial, at least 1, and of the mean: 2 is usual, 0 is the geometric mean.
    lags
        Window lengths in whole steps; 50, evenly spaced in the logarithm from 10 to T / 10, when not given.
    generator
        Draws the surrogates, and the weights of ten blocks of the record for the errors (value ± 2.26 errors is a 95 %
        interval, Student's t with nine degrees of freedom);
        `np.random.default_rng(0)` when not given.
    surrogate, surrogates
        The null and its size, 0 for none: `shuffled` by default (H = ½, no memory). `phase_randomised` keeps the
        spectrum and so the H at q = 2; it is a null for other q only.

    Below 250 steps, and for a constant record, NaN with the reason. O(T) for each lag, and the same for each
    surrogate.

    Raises
    ------
    ConfigurationError
        A record that is not one row of finite numbers or looks like event times, lags below `order` + 2, or an order
        below 1.
    """
    lags = checked_lags(lags, shortest=_checked(order) + 2)
    values = equally_spaced(series(record))
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


@validated(stated_shapes=True, order=AT_LEAST_1)
def multifractal_dfa(
    record: Real[np.ndarray, " T"],
    *,
    q: Real[np.ndarray, " Q"] | tuple[float, ...] = (-4, -3, -2, -1, 0, 1, 2, 3, 4),
    order: int = 1,
    lags: Real[np.ndarray, " S"] | None = None,
    generator: np.random.Generator | None = None,
    surrogates: int = 20,
) -> Multifractal:
    """Return the generalised exponents h(q) of a record (int or float) for Q moments q (Kantelhardt et al. 2002).

    The other parameters are those of `dfa`; the surrogates are phase-randomised. Windows whose residual is 0 are left
    out where q ≤ 0. O(T) for each lag and moment, and the same for each surrogate.

    Raises
    ------
    ConfigurationError
        As `dfa`.
    """
    lags = checked_lags(lags, shortest=_checked(order) + 2)
    values, moments = equally_spaced(series(record)), np.asarray(q, dtype=float)
    if not len(moments):
        raise ConfigurationError(complaint("q", expected="at least one moment", got=q))
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
    record: Float[np.ndarray, " T"],
    order: int,
    q: tuple[float, ...],
    lags: Int[np.ndarray, " S"] | None,
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
    for index, (moment, name) in enumerate(zip(q, names, strict=True)):
        total, count = moments[:, index, 0], moments[:, index, 1]
        usable = (total != 0).any(axis=1)
        if np.count_nonzero(usable) < 2:
            reason = "record: expected fluctuations on at least 2 lags, got a straight line"
            found.append(undefined_scaling(reason, estimator=name, n=n))
            continue
        means = weights @ total[usable].T / (weights @ count[usable].T)  # [1 + samples, S]
        curves = means / 2 if moment == 0 else np.log(means) / moment
        found.append(fit_scaling(lags[usable], curves[0], curves[1:], estimator=name, n=n))
    return found


def _window_moments(
    profile: Float[np.ndarray, " T"], lag: int, order: int, q: tuple[float, ...]
) -> Float[np.ndarray, "Q 2 blocks"]:
    """Return, for each block, the sum of the windows' residual variances to the power q / 2, and their number."""
    from hubbub.analysis.temporal.loops import fill_window_variances

    variances = np.empty(len(profile) // lag)
    fill_window_variances(variances, profile, orthonormal_polynomials(lag, order))
    # A window belongs to the block that holds its middle.
    borders = np.arange(BLOCKS + 1) * len(profile) // BLOCKS - lag // 2
    borders = np.clip(-(-borders // lag), 0, len(variances))

    def sum_in_blocks(values: Shaped[np.ndarray, " windows"]) -> Float[np.ndarray, " blocks"]:
        return np.diff(np.concatenate([[0.0], np.cumsum(values)])[borders])

    found = []
    for moment in q:
        if moment > 0:
            powers = variances if moment == 2 else variances ** (moment / 2)
            found.append([sum_in_blocks(powers), np.diff(borders)])
        else:
            positive = variances > 0
            powers = np.zeros(len(variances))
            powers[positive] = variances[positive] ** (moment / 2) if moment else np.log(variances[positive])
            found.append([sum_in_blocks(powers), sum_in_blocks(positive)])
    return np.array(found)


def orthonormal_polynomials(n: int, order: int) -> Float[np.ndarray, "orders n"]:
    """Return the orthonormal (Gram) polynomials of orders 0 … `order` on n equidistant points.

    By Stieltjes' recurrence. O(n · order).
    """
    x = np.arange(n) - (n - 1) / 2
    rows = [np.full(n, 1 / np.sqrt(n))]
    for _ in range(order):
        row = x / n * rows[-1]
        for before in rows[-2:]:
            row -= (row @ before) * before
        rows.append(row / np.sqrt(row @ row))
    return np.stack(rows)
