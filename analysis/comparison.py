"""Comparing two conditions over their seeds: permutation tests, effect sizes, intervals, many comparisons.

Rows are seeds, which are exchanged between the conditions when there is no difference; columns are quantities.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from hubbub.analysis.measure import Measure, Null, undefined
from hubbub.analysis.validation import AT_LEAST_1, BETWEEN_0_AND_1, MAY_BE_NAN, Limits, validated
from hubbub.simulator.errors import ConfigurationError, complaint

EXACT_UP_TO = 9999
"""Where there are at most so many permutations, all of them are made."""
LARGEST = 1e12
"""Studentised difference of seeds that all differ by the same: without spread, it has no other value."""
ROUNDING = 1e-9
"""Studentised differences that differ by less than this share are equal."""


@dataclass(frozen=True)
class Differences:
    """What two conditions differ in, for M quantities.

    Attributes
    ----------
    means
        Means of the first and of the second condition over the seeds that are compared `[2, M]`.
    differences
        Mean of the first condition minus mean of the second, of each quantity: the value with its 95 % interval, and
        the two-sided p-value of the permutation test. NaN with the reason where there are too few seeds.
    effect_sizes
        Hedges' g of each quantity.
    corrected
        p-values corrected for all M quantities `[M]`; NaN where there is none.
    higher
        Share of the pairs of seeds in which the first condition is higher, ties counting as one half `[M]`; without
        pairs, of all pairs of a seed of the first with a seed of the second condition.
    least_p
        The smallest p-value that this number of seeds permits.
    """

    means: Float[np.ndarray, "2 M"]
    differences: tuple[Measure, ...]
    effect_sizes: tuple[Measure, ...]
    corrected: Float[np.ndarray, " M"]
    higher: Float[np.ndarray, " M"]
    least_p: float


@validated(stated_shapes=True, first=MAY_BE_NAN, second=MAY_BE_NAN, permutations=AT_LEAST_1)
def compare_conditions(
    first: Float[np.ndarray, "A M"],
    second: Float[np.ndarray, "B M"],
    *,
    paired: bool = False,
    generator: np.random.Generator | None = None,
    permutations: int = EXACT_UP_TO,
) -> Differences:
    """Return the differences of two conditions in M quantities, over A and B seeds.

    The p-value of a quantity is the share of permutations with a studentised difference (paired t or Welch's t) that
    is at least as large in absolute value (Chung & Romano 2013 for the unpaired case). A permutation exchanges whole
    seeds: of a pair, the two conditions (A = B, row s of both has the same seed); without pairs, all seeds. All
    permutations are made where there are at most `permutations`; else so many random ones, and then 1 is added to
    both numbers of the share.

    `corrected` is step-down max-T (Westfall & Young 1993, algorithm 2.8): a quantity is compared with the largest of
    all quantities that do not differ more, in the same permutations, so quantities that go together cost little.

    Parameters
    ----------
    first, second
        Values `[A, M]` and `[B, M]`. NaN is a missing value: that seed (with `paired`, that pair) is left out for this
        quantity, and `reason` says how many were.
    generator
        Draws random permutations; `np.random.default_rng(0)` when not given.

    Undefined below two pairs, or two seeds in a condition: NaN with the reason. O(permutations · (A + B) · M).

    Raises
    ------
    ConfigurationError
        With `paired`, different numbers of rows.
    """
    if paired and len(first) != len(second):
        raise ConfigurationError(complaint("second", expected=f"{len(first)} rows, one pair each", got=len(second)))
    studentised = _paired_t if paired else _welch_t
    if paired:  # a pair with one missing value is no pair
        missing = np.isnan(first) | np.isnan(second)
        first, second = np.where(missing, np.nan, first), np.where(missing, np.nan, second)
    counts = [np.isfinite(values).sum(axis=0) for values in (first, second)]
    known = (np.minimum(*counts) >= 2) & (first.shape[1] > 0)
    p_values, corrected, least = np.full(first.shape[1], np.nan), np.full(first.shape[1], np.nan), math.nan
    null = np.empty((0, 0))
    if known.any():
        chosen = first[:, known], second[:, known]
        null, exact = _null(studentised, *chosen, paired, generator or np.random.default_rng(0), permutations)
        observed = studentised(*chosen, axis=0)
        more = 0 if exact else 1
        p_values[known] = (more + (null >= observed * (1 - ROUNDING)).sum(axis=0)) / (more + len(null))
        corrected[known] = _step_down(observed, null, more)
        # The mirror image of a permutation is as extreme, where it is one of them.
        least = float((2 if exact and (paired or len(first) == len(second)) else 1) / (more + len(null)))
    model = Null(0.0, math.nan, len(null), "seeds exchanged between the conditions")
    differences = tuple(
        _difference(one, other, paired, float(p_value), model)
        for one, other, p_value in zip(first.T, second.T, p_values, strict=True)
    )
    effects = tuple(_effect(one, other) for one, other in zip(first.T, second.T, strict=True))
    higher = np.array([_share_higher(one, other, paired) for one, other in zip(first.T, second.T, strict=True)])
    means = np.stack([np.where(n > 0, _mean(one, 0), np.nan) for n, one in zip(counts, (first, second), strict=True)])
    return Differences(means, differences, effects, corrected, higher.reshape(-1), least)


@validated(stated_shapes=True, permutations=AT_LEAST_1)
def permutation_test(
    first: Float[np.ndarray, " A"],
    second: Float[np.ndarray, " B"],
    *,
    paired: bool = False,
    generator: np.random.Generator | None = None,
    permutations: int = EXACT_UP_TO,
) -> Measure:
    """Return the difference of two means, first minus second, with interval and two-sided permutation p-value.

    `compare_conditions` of one quantity: see there.
    """
    return compare_conditions(
        first[:, None], second[:, None], paired=paired, generator=generator, permutations=permutations
    ).differences[0]


@validated(stated_shapes=True)
def hedges_g(first: Float[np.ndarray, " A"], second: Float[np.ndarray, " B"]) -> Measure:
    """Return Hedges' g: the difference of two means in standard deviations, corrected for few values.

    (mean of `first` − mean of `second`) / pooled standard deviation · (1 − 3 / (4 (A + B) − 9)) (Hedges 1981, eq. 6e).
    It is the same for pairs, so that paired and unpaired studies can be compared (g_av of Lakens 2013, for A = B).
    NaN with the reason below two values in a condition, or where no condition varies.
    """
    return _effect(first, second)


@validated(stated_shapes=True, level=BETWEEN_0_AND_1, resamples=Limits(least=100))
def bootstrap_interval(
    values: Float[np.ndarray, " n"],
    *,
    level: float = 0.95,
    generator: np.random.Generator | None = None,
    resamples: int = 9999,
) -> tuple[float, float]:
    """Return the bootstrap interval of the mean of values `[n]`: bias-corrected and accelerated (Efron 1987).

    For few values it is too narrow: of 600 intervals of normal values, .83 held the mean with n = 5, .91 with n = 10
    and .93 with n = 20, in place of .95 (Student's t: .96, .96, .96). `over_seeds` gives the interval of Student's t.
    `generator` draws the resamples, `np.random.default_rng(0)` when not given. (NaN, NaN) where the values do not vary
    or are fewer than two.
    """
    from scipy.stats import bootstrap

    if len(values) < 2 or np.ptp(values) <= ROUNDING * np.abs(values).max():
        return math.nan, math.nan
    made = bootstrap(
        (values,),
        np.mean,
        confidence_level=level,
        n_resamples=resamples,
        method="BCa",
        random_state=generator or np.random.default_rng(0),
    ).confidence_interval
    return float(made.low), float(made.high)


@validated(stated_shapes=True, p_values=Limits(least=0, most=1, nan=True))
def holm(p_values: Float[np.ndarray, " K"]) -> Float[np.ndarray, " K"]:
    """Return p-values `[K]` corrected for K comparisons, whatever their dependence (Holm 1979).

    The k-th smallest is multiplied by K − k + 1, and is at least as large as the corrected ones before it. NaN is a
    comparison that was not made: it stays NaN and does not count. O(K log K).
    """
    corrected = np.full(len(p_values), np.nan)
    order = np.argsort(p_values)[: int(np.isfinite(p_values).sum())]
    raised = p_values[order] * np.arange(len(order), 0, -1)
    corrected[order] = np.minimum(np.maximum.accumulate(raised), 1)
    return corrected


def _null(
    studentised: Callable[..., np.ndarray],
    first: np.ndarray,
    second: np.ndarray,
    paired: bool,
    generator: np.random.Generator,
    permutations: int,
) -> tuple[np.ndarray, bool]:
    """Return studentised differences of permuted seeds `[P, M]`, and whether these are all permutations."""
    from scipy.stats import permutation_test as permuted

    possible = 2 ** len(first) if paired else math.comb(len(first) + len(second), len(first))
    null = permuted(
        (first, second),
        studentised,
        permutation_type="samples" if paired else "independent",
        n_resamples=permutations,
        vectorized=True,
        axis=0,
        random_state=generator,
    ).null_distribution
    return np.asarray(null), possible <= permutations


def _step_down(observed: np.ndarray, null: np.ndarray, more: int) -> np.ndarray:
    """Return step-down max-T p-values `[M]` of studentised differences `[M]` and those of permutations `[P, M]`."""
    order = np.argsort(observed)  # the smallest first
    largest = np.maximum.accumulate(null[:, order], axis=1)
    shares = (more + (largest >= observed[order] * (1 - ROUNDING)).sum(axis=0)) / (more + len(null))
    corrected = np.empty(len(observed))
    corrected[order] = np.maximum.accumulate(shares[::-1])[::-1]
    return corrected


def _paired_t(first: np.ndarray, second: np.ndarray, axis: int) -> np.ndarray:
    between = first - second
    return _ratio(_mean(between, axis), _variance(between, axis) / np.isfinite(between).sum(axis=axis))


def _welch_t(first: np.ndarray, second: np.ndarray, axis: int) -> np.ndarray:
    squares = [_variance(values, axis) / np.maximum(_count(values, axis), 1) for values in (first, second)]
    return _ratio(_mean(first, axis) - _mean(second, axis), squares[0] + squares[1])


def _ratio(difference: np.ndarray, squared_error: np.ndarray) -> np.ndarray:
    """Return |t|: `LARGEST` for a difference without spread, 0 where there is no difference."""
    size, error = np.abs(difference), np.sqrt(np.maximum(squared_error, 0))
    made = np.divide(size, error, out=np.full(size.shape, LARGEST), where=error > size / LARGEST)
    return np.where(size > 0, np.minimum(made, LARGEST), 0.0)


def _count(values: np.ndarray, axis: int) -> np.ndarray:
    return np.isfinite(values).sum(axis=axis)


def _mean(values: np.ndarray, axis: int) -> np.ndarray:
    return np.nansum(values, axis=axis) / np.maximum(_count(values, axis), 1)


def _variance(values: np.ndarray, axis: int) -> np.ndarray:
    from_mean = values - np.expand_dims(_mean(values, axis), axis)
    return np.asarray(np.nansum(from_mean**2, axis=axis) / np.maximum(_count(values, axis) - 1, 1))


def _difference(first: np.ndarray, second: np.ndarray, paired: bool, p_value: float, null: Null) -> Measure:
    """Return mean of the first minus mean of the second, with the interval of Student's t (unpaired: Welch's)."""
    from scipy.special import stdtrit

    estimator = f"{'paired' if paired else 'unpaired'} difference of means, Student's t interval, permutation test"
    one, other = first[np.isfinite(first)], second[np.isfinite(second)]
    n, left_out = len(one) + (0 if paired else len(other)), _left_out(first, second, paired)
    few = min(len(one), len(other))
    if few < 2:
        reason = "; ".join(filter(None, [f"fewer than 2 {'pairs' if paired else 'seeds in a condition'}", left_out]))
        value = float(one.mean() - other.mean()) if few else math.nan
        return Measure(value, "1", estimator, n, reason=reason)
    if paired:
        between = first[np.isfinite(first)] - second[np.isfinite(first)]
        squares, freedom = [between.var(ddof=1) / n], float(n - 1)
    else:
        squares = [values.var(ddof=1) / len(values) for values in (one, other)]
        parts = sum(square**2 / (len(values) - 1) for square, values in zip(squares, (one, other), strict=True))
        freedom = float(sum(squares) ** 2 / parts) if parts > 0 else float(n - 2)
    value, half = float(one.mean() - other.mean()), float(stdtrit(freedom, 0.975) * math.sqrt(sum(squares)))
    return Measure(value, "1", estimator, n, null, p_value, (value - half, value + half), left_out)


def _left_out(first: np.ndarray, second: np.ndarray, paired: bool) -> str:
    missing = int(np.isnan(first).sum()) + (0 if paired else int(np.isnan(second).sum()))
    total = len(first) + (0 if paired else len(second))
    return f"{missing} of {total} {'pairs' if paired else 'seeds'} left out" if missing else ""


def _effect(first: np.ndarray, second: np.ndarray) -> Measure:
    unit, estimator = "standard deviations", "Hedges' g"
    one, other = first[np.isfinite(first)], second[np.isfinite(second)]
    n = len(one) + len(other)
    if min(len(one), len(other)) < 2:
        return undefined("fewer than 2 seeds in a condition", unit=unit, estimator=estimator, n=n)
    squares = sum((len(values) - 1) * values.var(ddof=1) for values in (one, other))
    pooled, difference = math.sqrt(squares / (n - 2)), float(one.mean() - other.mean())
    if pooled <= ROUNDING * max(abs(float(one.mean())), abs(float(other.mean()))):
        return undefined("no condition varies over its seeds", unit=unit, estimator=estimator, n=n)
    return Measure(difference / pooled * (1 - 3 / (4 * n - 9)), unit, estimator, n)


def _share_higher(first: np.ndarray, second: np.ndarray, paired: bool) -> float:
    between: Any = first - second if paired else first[:, None] - second
    known = between[np.isfinite(between)]
    return float(((known > 0) + 0.5 * (known == 0)).mean()) if len(known) else math.nan
