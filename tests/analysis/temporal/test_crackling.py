from typing import Any

import numpy as np
import pytest

from hubbub.analysis.temporal import avalanches, crackling, shape_collapse, size_growth
from hubbub.simulator.errors import ConfigurationError


def test_critical_trees_have_the_exponents_of_mean_field(trees: Any) -> None:
    found = crackling(trees.sizes, trees.durations)
    assert found.size.value == pytest.approx(1.5, abs=0.02)
    assert found.duration.value == pytest.approx(2, abs=0.06)
    assert found.gamma.value == pytest.approx(2, abs=0.06)
    assert found.predicted == pytest.approx(2, abs=0.1)
    assert abs(found.deviation) < 3
    assert found.gamma.low >= found.duration.cutoff
    assert found.size.error == pytest.approx((found.size.value - 1) / np.sqrt(found.size.n_tail), rel=0.2)


def test_the_activity_of_trees_is_cut_into_the_trees(trees: Any) -> None:
    found = avalanches(trees.activity, threshold=1)
    np.testing.assert_array_equal(found.sizes, trees.sizes)
    np.testing.assert_array_equal(found.durations, trees.durations)


def test_the_shapes_of_trees_collapse(trees: Any) -> None:
    found = shape_collapse(trees.activity, avalanches(trees.activity, threshold=1), shortest=20)
    assert found.value == pytest.approx(2, abs=0.12)
    assert found.profiles.shape == (len(found.durations), len(found.time))
    mean = found.profiles.mean(axis=0)
    parabola = found.time * (1 - found.time)
    assert np.corrcoef(mean, parabola)[0, 1] > 0.98


def test_shapes_of_a_known_power_collapse_exactly() -> None:
    lengths = np.repeat([10, 20, 40, 80], 20)
    shapes = [length**0.6 * np.sin(np.pi * (np.arange(length) + 0.5) / length) for length in lengths]
    activity = np.concatenate([[0.0], *[np.append(shape, 0) for shape in shapes]])
    found = shape_collapse(activity, avalanches(activity, threshold=1e-9))
    assert found.value == pytest.approx(1.6, abs=0.01)
    assert found.error < 0.02
    assert found.spread < 1e-3
    assert (found.low, found.high, found.n) == (10, 80, 80)


def test_growth_of_exact_sizes() -> None:
    rng = np.random.default_rng(0)
    durations = np.floor(rng.pareto(1.0, 20_000) + 1)
    sizes = 3 * durations**1.7 * rng.lognormal(0, 0.2, 20_000)
    found = size_growth(sizes, durations, shortest=4)
    assert found.value == pytest.approx(1.7, abs=4 * found.error)
    assert found.error < 0.03
    assert found.low >= 4
    assert found.n <= (durations >= 4).sum()
    exact = size_growth(durations**2, durations, shortest=50)
    assert exact.value == pytest.approx(2, abs=0.02)


def test_few_avalanches_are_refused_with_the_number_needed() -> None:
    few = crackling(np.arange(1, 41), np.arange(1, 41))
    assert np.isnan(few.predicted)
    assert "sizes: 40 values above 0, at least 50 needed" in few.reason
    assert "growth: durations: expected 3 bands with 10 avalanches each, got " in few.reason
    assert size_growth(np.empty(0), np.empty(0)).reason.endswith("got 0")
    flat = avalanches(np.zeros(100))
    assert shape_collapse(np.zeros(100), flat).reason == (
        "durations: expected 3 of at least 5 steps with 20 avalanches each, got 0"
    )
    assert np.isnan(float(shape_collapse(np.zeros(100), flat)))


def test_the_door_of_crackling() -> None:
    with pytest.raises(ConfigurationError, match="durations: expected as many as sizes, 3, got 2"):
        crackling(np.ones(3), np.ones(2))
    with pytest.raises(ConfigurationError, match="sizes: expected finite numbers, got 1 others"):
        crackling(np.array([np.nan]), np.ones(1))
