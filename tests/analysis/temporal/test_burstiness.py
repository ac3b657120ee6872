import numpy as np
import pytest

from hubbub.analysis.temporal import burstiness, memory_coefficient
from hubbub.simulator.errors import ConfigurationError


def test_burstiness_by_hand() -> None:
    times = np.array([1.0] * 9 + [11.0])  # mean 2, sd 3
    assert burstiness(times, samples=5).value == pytest.approx(1 / 5)
    ratio, high, low = 1.5, np.sqrt(11), np.sqrt(9)
    expected = (high * ratio - low) / ((high - 2) * ratio + low)
    assert burstiness(times, finite_size=True, samples=5).value == pytest.approx(expected)


def test_the_ends_and_the_middle_of_the_scale() -> None:
    rng = np.random.default_rng(0)
    regular, one_gap = np.full(30, 4.0), np.append(np.zeros(29), 1.0)
    assert burstiness(regular, samples=5).value == -1
    assert burstiness(regular, finite_size=True, samples=5).value == pytest.approx(-1)
    assert burstiness(one_gap, finite_size=True, samples=5).value == pytest.approx(1)
    assert burstiness(one_gap, samples=5).value == pytest.approx((np.sqrt(29) - 1) / (np.sqrt(29) + 1))
    poisson = burstiness(rng.standard_exponential(2000), samples=200)
    assert poisson.value == pytest.approx(0, abs=0.05)
    assert poisson.p_value > 0.01
    assert burstiness(rng.pareto(1.2, 20_000), samples=20).value > 0.5


def test_the_interval_and_the_null_are_of_the_right_width() -> None:
    rng = np.random.default_rng(1)
    found = burstiness(rng.standard_exponential(500), samples=300)
    assert found.interval is not None
    assert found.null is not None
    assert found.null.model == "Poisson process"
    assert found.interval[0] < found.value < found.interval[1]
    assert found.interval[1] - found.interval[0] == pytest.approx(4 * found.null.sd, rel=0.5)


def test_memory_by_hand_and_against_its_null() -> None:
    times = np.array([1, 1, 1, 1, 1, 5, 5, 5, 5, 5.0])
    found = memory_coefficient(times, samples=200)
    assert found.value == pytest.approx(np.corrcoef(times[:-1], times[1:])[0, 1])
    assert found.null is not None
    assert found.null.mean == pytest.approx(-1 / 9, abs=0.06)
    assert found.p_value < 0.03
    alternating = memory_coefficient(np.tile([1.0, 3.0], 10), samples=50)
    assert alternating.value == pytest.approx(-1)
    assert alternating.interval == pytest.approx((-1, -1))
    assert memory_coefficient(np.random.default_rng(2).random(2000), samples=100).p_value > 0.01


def test_what_cannot_be_measured_is_refused() -> None:
    assert burstiness(np.ones(9)).reason == "intervals: expected at least 10 events, got 9"
    assert burstiness(np.zeros(20)).reason == "intervals: expected some above 0, got 20 times 0"
    assert memory_coefficient(np.ones(9)).reason == "intervals: expected at least 10 events, got 9"
    assert memory_coefficient(np.ones(20)).reason == "intervals: expected times that vary, got 20 times 1"
    with pytest.raises(ConfigurationError, match=r"intervals: expected numbers ≥ 0, got -1.0"):
        burstiness(np.array([1, -1]))
    with pytest.raises(ConfigurationError, match="intervals: expected finite numbers, got 1 others"):
        memory_coefficient(np.array([1, np.nan]))
