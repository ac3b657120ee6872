"""Comparing conditions over seeds: against scipy, counted by hand, and by simulation of the error rate."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import scipy.stats

from hubbub.analysis.comparison import (
    bootstrap_interval,
    compare_conditions,
    hedges_g,
    holm,
    permutation_test,
)
from hubbub.simulator.errors import ConfigurationError

RNG = np.random.default_rng(3)
FIRST, SECOND = RNG.normal(1.0, 1, (6, 4)), RNG.normal(0.0, 1, (6, 4))


@pytest.mark.parametrize("paired", [True, False])
def test_p_values_are_those_of_scipys_exact_tests(paired: bool) -> None:
    found = compare_conditions(FIRST, SECOND, paired=paired)
    for column in range(4):
        one, other = FIRST[:, column], SECOND[:, column]
        t_test = scipy.stats.ttest_rel if paired else scipy.stats.ttest_ind
        how = {} if paired else {"equal_var": False}
        exact = scipy.stats.permutation_test(
            (one, other),
            lambda x, y, axis, t_test=t_test, how=how: np.abs(t_test(x, y, axis=axis, **how).statistic),
            permutation_type="samples" if paired else "independent",
            vectorized=True,
            alternative="greater",
        )
        difference = found.differences[column]
        assert difference.p_value == pytest.approx(exact.pvalue)
        assert difference.value == pytest.approx(one.mean() - other.mean())
        interval = t_test(one, other, **how).confidence_interval()
        assert difference.interval == pytest.approx((interval.low, interval.high))
    assert found.least_p == 2 / (2**6 if paired else math.comb(12, 6))
    alone = permutation_test(FIRST[:, 0], SECOND[:, 0], paired=paired)
    assert (repr(alone), repr(alone.null)) == (repr(found.differences[0]), repr(found.differences[0].null))  # NaN


def test_max_t_compares_with_the_largest_of_those_that_differ_no_more() -> None:
    between = FIRST - SECOND
    signs = np.array(list(itertools.product([1, -1], repeat=6)))
    null = np.abs([scipy.stats.ttest_1samp(sign[:, None] * between, 0).statistic for sign in signs])
    observed = np.abs(scipy.stats.ttest_1samp(between, 0).statistic)
    expected, before = {}, 0.0
    for rank, column in enumerate(np.argsort(-observed)):
        rest = np.argsort(-observed)[rank:]
        share = float((null[:, rest].max(axis=1) >= observed[column] - 1e-9).mean())
        before = expected[column] = max(before, share)
    found = compare_conditions(FIRST, SECOND, paired=True)
    assert found.corrected == pytest.approx([expected[column] for column in range(4)])
    assert (found.corrected >= [one.p_value for one in found.differences]).all()
    copies = compare_conditions(np.repeat(FIRST[:, :1], 5, axis=1), np.repeat(SECOND[:, :1], 5, axis=1), paired=True)
    assert copies.corrected == pytest.approx([found.differences[0].p_value] * 5)  # repeats cost nothing


def test_random_permutations_come_near_and_count_what_was_observed() -> None:
    first, second = RNG.normal(0.4, 1, (14, 1)), RNG.normal(0, 1, (14, 1))
    exact = compare_conditions(first, second, paired=True, permutations=2**14).differences[0].p_value
    drawn = compare_conditions(first, second, paired=True).differences[0].p_value
    assert drawn == pytest.approx(exact, abs=4 * math.sqrt(exact * (1 - exact) / 9999))
    far = compare_conditions(first + 99, second, paired=True, permutations=99)
    assert far.differences[0].p_value == far.corrected[0] == far.least_p == 1 / 100


def test_no_difference_is_found_too_often() -> None:
    """Of 200 comparisons of five quantities without a difference, about one in twenty has a corrected p below .05."""
    generator = np.random.default_rng(0)
    smallest = []
    for _ in range(200):
        both = generator.normal(size=(2, 6, 1)) + 0.5 * generator.normal(size=(2, 6, 5))
        smallest.append(compare_conditions(*both, paired=True).corrected.min())
    rejected = np.mean(np.array(smallest) < 0.05)
    assert scipy.stats.binomtest(int(rejected * 200), 200, 2 / 64).pvalue > 0.01  # .03125, the only level below .05


def test_missing_values_are_left_out_and_counted() -> None:
    first, second = FIRST.copy(), SECOND.copy()
    first[0, 0] = second[1, 0] = first[:, 1] = np.nan
    found = compare_conditions(first, second, paired=True)
    kept = permutation_test(first[2:, 0], second[2:, 0], paired=True)
    assert found.differences[0].p_value == kept.p_value
    assert (found.differences[0].n, found.differences[0].reason) == (4, "2 of 6 pairs left out")
    assert math.isnan(found.corrected[1]) and math.isnan(found.effect_sizes[1].value)
    assert found.differences[1].reason == "fewer than 2 pairs; 6 of 6 pairs left out"
    apart = compare_conditions(first, second).differences[0]
    assert (apart.n, apart.reason) == (10, "2 of 12 seeds left out")


def test_conditions_without_spread() -> None:
    found = compare_conditions(np.full((5, 2), [2.0, 1.0]), np.full((5, 2), [1.0, 1.0]), paired=True)
    assert [one.p_value for one in found.differences] == [2 / 32, 1.0]
    assert found.effect_sizes[0].reason == "no condition varies over its seeds"
    assert found.higher.tolist() == [1.0, 0.5]


def test_the_effect_size_of_a_worked_example() -> None:
    """Means 3 and 1, standard deviations 1: d = 2, corrected by 1 − 3 / (4 · 6 − 9) = .8."""
    assert hedges_g(np.array([2.0, 3, 4]), np.array([0.0, 1, 2])).value == pytest.approx(2 * 0.8)


def test_holm_is_the_closed_test_of_bonferroni() -> None:
    p_values = np.array([0.01, 0.04, 0.03, 0.005, np.nan])

    def closed(k: int) -> float:
        sets = [s for n in range(1, 5) for s in itertools.combinations(range(4), n) if k in s]
        return max(min(1, len(s) * min(p_values[list(s)])) for s in sets)

    assert holm(p_values)[:4] == pytest.approx([closed(k) for k in range(4)])
    assert math.isnan(holm(p_values)[4])
    least = scipy.stats.false_discovery_control(p_values[:4])
    assert (holm(p_values)[:4] >= least).all()  # the family-wise error rate is the stricter demand


def test_a_bootstrap_interval_of_many_values_is_that_of_students_t() -> None:
    values = RNG.normal(5, 2, 400)
    t_interval = scipy.stats.ttest_1samp(values, 0).confidence_interval()
    assert bootstrap_interval(values, resamples=2000) == pytest.approx((t_interval.low, t_interval.high), abs=0.03)
    assert all(math.isnan(bound) for bound in bootstrap_interval(np.ones(5)))


def test_pairs_need_as_many_rows() -> None:
    with pytest.raises(ConfigurationError, match="second: expected 6 rows, one pair each, got 5"):
        compare_conditions(FIRST, SECOND[:5], paired=True)
