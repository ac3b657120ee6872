import numpy as np
import pytest
from scipy.signal import lfilter

from hubbub.analysis.temporal import branching_ratio, shuffled
from hubbub.analysis.temporal.branching_ratio import _correlations
from hubbub.simulator.errors import ConfigurationError

N = 100_000


def driven(ratio: float, n: int, rng: np.random.Generator, *, drive: float = 5.0) -> np.ndarray:
    """A branching process: every active unit has a Poisson number of followers, and some come from outside."""
    activity = np.empty(n)
    now = drive / (1 - ratio)
    noise = rng.poisson(drive, n)
    for step in range(n):
        now = rng.poisson(ratio * now) + noise[step]
        activity[step] = now
    return activity


@pytest.mark.parametrize("ratio", [0.5, 0.9, 0.98])
def test_an_autoregressive_record_has_its_coefficient(ratio: float) -> None:
    rng = np.random.default_rng(0)
    found = branching_ratio(lfilter([1], [1, -ratio], rng.standard_normal(N)))
    assert found.value == pytest.approx(ratio, abs=4 * found.error)
    assert found.error < 0.01
    assert found.amplitude == pytest.approx(1, abs=0.1)
    assert found.timescale_steps == pytest.approx(-1 / np.log(found.value))
    assert found.low == 1
    assert found.high == pytest.approx(2 * found.timescale_steps, rel=0.2, abs=1)
    assert found.high == found.lags[-1]
    assert len(found.lags) <= 100


def test_seeing_one_unit_in_ten_changes_the_amplitude_alone() -> None:
    rng = np.random.default_rng(1)
    activity = driven(0.95, N, rng)
    full, part = branching_ratio(activity), branching_ratio(rng.binomial(activity.astype(int), 0.1))
    assert full.value == pytest.approx(0.95, abs=0.01)
    assert part.value == pytest.approx(0.95, abs=0.02)
    assert part.amplitude < 0.7 < 0.95 < full.amplitude
    assert part.correlations[0] < 0.7  # what regression over one step would call the branching ratio


def test_the_error_is_the_spread_of_independent_records() -> None:
    rng = np.random.default_rng(2)
    found = [branching_ratio(lfilter([1], [1, -0.9], rng.standard_normal(5000))) for _ in range(60)]
    assert np.mean([one.error for one in found]) == pytest.approx(np.std([one.value for one in found]), rel=0.4)


def test_a_record_without_memory_has_nothing_to_fit() -> None:
    rng = np.random.default_rng(3)
    activity = lfilter([1], [1, -0.9], rng.standard_normal(N))
    found = branching_ratio(shuffled(activity, rng))
    assert np.isnan(found.value)
    assert found.reason == "activity: expected correlations above 0.0063 at two lags or more, got 0"


def test_correlations_are_means_of_products() -> None:
    away = np.random.default_rng(5).standard_normal(500)
    away -= away.mean()
    expected = [np.mean(away[: 500 - lag] * away[lag:]) / np.mean(away**2) for lag in range(51)]
    np.testing.assert_allclose(_correlations(away), expected, atol=1e-12)


def test_correlations_are_regression_slopes() -> None:
    activity = lfilter([1], [1, -0.8], np.random.default_rng(4).standard_normal(20_000))
    found = branching_ratio(activity)
    slopes = [np.polyfit(activity[:-lag], activity[lag:], 1)[0] for lag in found.lags]
    np.testing.assert_allclose(found.correlations, slopes, atol=0.005)


def test_records_that_cannot_be_fitted() -> None:
    assert branching_ratio(np.ones(5000)).reason == "activity: expected values that vary, got 5000 times 1"
    assert branching_ratio(np.arange(10)).reason == "activity: expected at least 1000 steps, got 10"
    assert np.isnan(float(branching_ratio(np.empty(0))))
    with pytest.raises(ConfigurationError, match="activity: expected finite numbers, got 1 others"):
        branching_ratio(np.array([np.nan, 1]))
