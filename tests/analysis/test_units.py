"""A change of the unit changes no result, and neither does a shift where there should be no zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.dialects import border_or_continuum, by_distance, mantel_test, zig_zag
from hubbub.analysis.grid import at_least, codes_of, distinct_values, grid_step, varies
from hubbub.analysis.hubs import gini, largest_to_mean, top_share
from hubbub.analysis.ranks import rank_correlation
from hubbub.analysis.tails import compare, fit_power_law, fit_sizes, goodness_of_fit
from hubbub.analysis.temporal import (
    avalanches,
    branching_ratio,
    burstiness,
    coincidences,
    crackling,
    dfa,
    diffusion_entropy,
    memory_coefficient,
    rapid_transition_events,
    shape_collapse,
    spectral_exponent,
    switched_on,
    threshold_sweep,
)
from hubbub.analysis.temporal.avalanches import binned

UNITS = (0.1, 1e-5, 3.0, 1e9, 0.3)
unit = pytest.mark.parametrize("unit", UNITS)
RNG = np.random.default_rng(0)
ON_A_GRID = RNG.poisson(3, 3000).astype(float)
REAL = RNG.standard_normal(3000)
STEPS = RNG.permutation(np.repeat([-1.0, 1.0], 1500))
RECORDS = {"on a grid": ON_A_GRID, "real": REAL, "up and down": STEPS}


def same(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.asarray(found, dtype=float), np.asarray(expected, dtype=float), rtol=1e-6, atol=1e-9)


@unit
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_exponents_of_a_record(record: np.ndarray, unit: float) -> None:
    for measure in (dfa, diffusion_entropy, spectral_exponent):
        found, expected = measure(record * unit, surrogates=0), measure(record, surrogates=0)
        same((found.value, found.error), (expected.value, expected.error))
        same(found.curve - found.curve[0], expected.curve - expected.curve[0])
    same(branching_ratio(record * unit).value, branching_ratio(record).value)
    assert rapid_transition_events(record * unit).tolist() == rapid_transition_events(record).tolist()


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_exponents_do_not_change_by_a_shift(record: np.ndarray) -> None:
    for measure in (dfa, diffusion_entropy, spectral_exponent):
        found, expected = measure(record + 7.25, surrogates=0), measure(record, surrogates=0)
        same((found.value, found.curve[0]), (expected.value, expected.curve[0]))
    same(branching_ratio(record + 7.25).value, branching_ratio(record).value)
    assert coincidences(record + 7.25).tolist() == coincidences(record).tolist()


@unit
def test_the_entropy_of_steps_of_any_size_is_that_of_the_binomial(unit: float) -> None:
    steps = np.random.default_rng(0).choice([-1.0, 1.0], 20_000)
    found = diffusion_entropy(steps * unit, bin_width=unit, lags=np.array([10, 20]), surrogates=0)
    assert found.curve[0] == pytest.approx(1.876, abs=0.02)  # Σ −p ln p of the binomial (10, ½)
    assert diffusion_entropy(steps * unit, lags=np.array([10, 20]), surrogates=0).curve[0] == found.curve[0]


@unit
@pytest.mark.parametrize("bin_steps", [1, 3])
@pytest.mark.parametrize("threshold", ["mean", "median", 9.0])
def test_avalanches_and_their_exponents(unit: float, bin_steps: int, threshold: float | str) -> None:
    level = threshold if isinstance(threshold, str) else threshold * bin_steps / 3
    scaled = level if isinstance(level, str) else level * unit
    expected = avalanches(ON_A_GRID, threshold=level, bin_steps=bin_steps)
    found = avalanches(ON_A_GRID * unit, threshold=scaled, bin_steps=bin_steps)
    assert found.births.tolist() == expected.births.tolist()
    same(found.sizes / unit, expected.sizes)
    one, other = (crackling(of.sizes, of.durations) for of in (found, expected))
    same(
        (one.size.value, one.duration.value, one.gamma.value),
        (other.size.value, other.duration.value, other.gamma.value),
    )
    same(one.size.cutoff / unit, other.size.cutoff)
    for here, there in zip(
        threshold_sweep(ON_A_GRID * unit, bin_steps=bin_steps, shares=(0.5, 0.95)),
        threshold_sweep(ON_A_GRID, bin_steps=bin_steps, shares=(0.5, 0.95)),
        strict=True,
    ):
        assert len(here.avalanches) == len(there.avalanches)
        same([here.sizes.value, here.births.value], [there.sizes.value, there.births.value])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), bin_steps=st.integers(2, 5), threshold=st.sampled_from(["mean", "median"]))
def test_bins_inside_are_bins_before(seed: int, bin_steps: int, threshold: str) -> None:
    activity = np.random.default_rng(seed).poisson(2, 400).astype(float)
    inside = avalanches(activity, threshold=threshold, bin_steps=bin_steps)
    before = avalanches(binned(activity, bin_steps), threshold=threshold)
    assert (inside.births // bin_steps).tolist() == before.births.tolist()
    for name in ("durations", "quiescences", "between_births", "sizes"):
        assert getattr(inside, name).tolist() == getattr(before, name).tolist()
    same(
        shape_collapse(activity, inside, shortest=2).value,
        shape_collapse(binned(activity, bin_steps), before, shortest=2).value,
    )


def test_exponents_of_binned_durations_are_those_of_a_record_binned_before() -> None:
    inside = threshold_sweep(ON_A_GRID, bin_steps=3, shares=(0.5,))[0]
    before = threshold_sweep(binned(ON_A_GRID, 3), shares=(0.5,))[0]
    for name in ("durations", "quiescences", "births", "sizes"):
        assert getattr(inside, name) == getattr(before, name)


@unit
def test_tails(unit: float) -> None:
    for values in (np.ceil(1 / RNG.random(300)), 1 / RNG.random(300)):
        fit, scaled = fit_sizes(values), fit_sizes(values * unit)
        assert fit.discrete is scaled.discrete is bool((values % 1 == 0).all())
        same(
            (scaled.value, scaled.error, scaled.cutoff / unit, scaled.n_tail),
            (fit.value, fit.error, fit.cutoff, fit.n_tail),
        )
        one, other = compare(values, fit), compare(values * unit, scaled)
        for name, ratio in one.items():  # a flat maximum of the likelihood is found with four digits
            assert other[name].normalised == pytest.approx(ratio.normalised, rel=1e-2, abs=2e-3)
        p_values = [
            goodness_of_fit(of, found, generator=np.random.default_rng(0), samples=5).p_value
            for of, found in ((values, fit), (values * unit, scaled))
        ]
        assert p_values[0] == p_values[1]
    tied = np.ceil(1 / RNG.random(400)) * unit
    assert fit_sizes(tied, cutoff=3 * unit).n_tail == (np.rint(tied / unit) >= 3).sum()


def test_whole_numbers_in_steps_have_the_exponent_of_the_steps() -> None:
    values = np.ceil(1 / RNG.random(500)).astype(int)
    one, three = fit_power_law(values, discrete=True), fit_power_law(3 * values, discrete=True)
    assert (three.value, three.unit, three.cutoff) == (one.value, 3, 3 * one.cutoff)
    assert one.unit == 1


@unit
def test_events_and_inequality(unit: float) -> None:
    times = np.floor(RNG.exponential(20, 300))
    same(burstiness(times * unit, samples=0).value, burstiness(times, samples=0).value)
    same(memory_coefficient(times * unit, samples=0).value, memory_coefficient(times, samples=0).value)
    for measure in (gini, top_share, largest_to_mean):
        same(measure(times * unit).value, measure(times).value)
    assert coincidences(ON_A_GRID * unit).tolist() == coincidences(ON_A_GRID).tolist()
    states = RNG.standard_normal((50, 4))
    assert switched_on(states * unit).tolist() == switched_on(states).tolist()
    equal = np.full(40, 7) * unit * RNG.permuted(np.tile([1.0, 1 + 1e-16], 20))
    assert "expected times that vary" in memory_coefficient(equal, samples=0).reason


@unit
def test_dialects(unit: float) -> None:
    # Tenths that are added up in another order differ by rounding; as ranks they have to be tied.
    n = 12
    tenths = RNG.integers(0, 4, (n, n, 3))
    likeness = sum(0.1 * part for part in np.moveaxis(tenths, 2, 0))
    whole = tenths.sum(axis=2).astype(float)
    hops = np.abs(np.subtract.outer(np.arange(n), np.arange(n))).astype(float)
    labels = np.repeat([0, 1], n // 2)
    expected = mantel_test(whole, hops, permutations=0).value
    same(mantel_test(likeness * unit, hops * unit, permutations=0).value, expected)
    same(
        rank_correlation(likeness[0] * unit, whole[1], permutations=0).value,
        rank_correlation(whole[0], whole[1], permutations=0).value,
    )
    one, other = (
        border_or_continuum(whole, hops, labels),
        border_or_continuum(10 * likeness * unit, hops * unit, labels),
    )
    same(
        (other.advantage.value, other.continuum, other.border, other.decay_hops / unit),
        (one.advantage.value, one.continuum, one.border, one.decay_hops),
    )
    one_z, other_z = zig_zag(whole, hops), zig_zag(10 * likeness * unit, hops * unit)
    assert one_z.found == other_z.found
    same(other_z.amplitude.value / unit, one_z.amplitude.value)
    edges = np.array([[i, i + 1] for i in range(n - 1)])
    same(by_distance(likeness * unit, edges, n).mean / unit * 10, by_distance(whole, edges, n).mean)


@given(
    step=st.sampled_from([0.1, 1e-5, 3.0, 1 / 3, 7.0]), numbers=st.lists(st.integers(-50, 50), min_size=2, max_size=30)
)
def test_the_step_of_a_grid(step: float, numbers: list[int]) -> None:
    values = np.array(numbers)
    expected = np.gcd.reduce(np.diff(np.unique(values)))
    assert grid_step(values * step) == pytest.approx(expected * step)
    assert grid_step(values * step + 2.5) == pytest.approx(expected * step)
    assert grid_step(np.cumsum(values * step)) == pytest.approx(
        np.gcd.reduce(np.diff(np.unique(np.cumsum(values)))) * step
    )


def test_real_numbers_lie_on_no_grid() -> None:
    assert grid_step(REAL) == grid_step(np.array([1, 2, np.pi])) == grid_step(np.full(5, 0.1)) == 0
    assert grid_step(np.array([0.3, 0.7]), origin=True) == pytest.approx(0.1)


def test_rounding_neither_separates_nor_lets_vary() -> None:
    tenths = np.array([0.1 + 0.2, 0.3, 0.5])
    assert codes_of(tenths).tolist() == [0, 0, 1]
    assert distinct_values(tenths).tolist() == [0.3, 0.5]
    assert at_least(tenths, 0.1 + 0.2).tolist() == [True, True, True]
    assert not varies(tenths[:2])
    assert varies(1e9 + np.array([0, 1e-4]))
