from collections.abc import Callable

import numpy as np
import pytest

from hubbub.analysis.temporal import dfa, diffusion_entropy
from hubbub.simulator.errors import ConfigurationError


def by_definition(record: np.ndarray, lag: int, width: float) -> float:
    """The entropy of the displacements over all overlapping windows."""
    moves = np.array([record[start : start + lag].sum() for start in range(len(record) - lag + 1)])
    counts = np.unique(np.floor(moves / width), return_counts=True)[1]
    shares = counts / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def test_it_is_the_definition() -> None:
    rng = np.random.default_rng(0)
    whole = rng.integers(-1, 2, 600).astype(float)
    found = diffusion_entropy(whole, surrogates=0)
    assert (found.low, found.high) == (10, 119)
    np.testing.assert_allclose(found.curve, [by_definition(whole, int(lag), 1) for lag in found.scales], rtol=0.003)
    real = rng.standard_normal(600)
    found = diffusion_entropy(real, bin_width=0.37, lags=np.array([3, 17, 40]), surrogates=0)
    np.testing.assert_allclose(found.curve, [by_definition(real, lag, 0.37) for lag in (3, 17, 40)], rtol=0.003)
    assert "0.37" in found.estimator
    assert f"{real.std():g}" in diffusion_entropy(real, surrogates=0).estimator


@pytest.mark.parametrize("hurst", [0.5, 0.75])
def test_gaussian_records_have_their_hurst_exponent(fractional_noise: Callable, hurst: float) -> None:
    noise = fractional_noise(hurst, 200_000, np.random.default_rng(1))
    found = diffusion_entropy(noise, lags=np.unique(np.geomspace(10, 2000, 30).astype(int)), bin_width=0.3)
    assert found.value == pytest.approx(hurst, abs=0.03)
    assert found.null is not None
    assert found.null.mean == pytest.approx(0.5, abs=0.02)


def test_cauchy_steps_without_memory_spread_like_time() -> None:
    steps = np.random.default_rng(2).standard_cauchy(100_000)
    found = diffusion_entropy(steps, lags=np.arange(10, 60, 5), bin_width=3, surrogates=0)
    assert found.value == pytest.approx(1, abs=0.05)
    assert dfa(steps, surrogates=0).value == pytest.approx(0.5, abs=0.1)


def test_the_error_is_the_spread_of_independent_records() -> None:
    rng = np.random.default_rng(3)
    found = [diffusion_entropy(rng.choice([-1.0, 1.0], 5000), surrogates=0) for _ in range(60)]
    assert np.mean([one.error for one in found]) == pytest.approx(np.std([one.value for one in found]), rel=0.5)


def test_more_bins_than_windows_give_the_same_entropy() -> None:
    record = np.cumsum(np.random.default_rng(4).standard_normal(2000))
    found = diffusion_entropy(record, bin_width=1e-4, lags=np.array([10, 100]), surrogates=0)
    np.testing.assert_allclose(found.curve, np.log([1991, 1901]), atol=1e-2)  # every window alone


def test_what_cannot_be_measured_has_a_reason() -> None:
    assert diffusion_entropy(np.zeros(500)).reason == "record: expected values that vary, got 500 times 0"
    one_bin = diffusion_entropy(np.random.default_rng(5).random(500), bin_width=1e6)
    assert one_bin.reason == "bin_width: expected bins that separate the displacements, got one bin of 1e+06 for all"
    assert diffusion_entropy(np.arange(100.0)).reason == "record: expected at least 250 steps, got 100"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bin_width": 0}, "bin_width: expected a finite number above 0, got 0"),
        ({"lags": np.array([])}, r"lags: expected at least 2 lags ≥ 1, got \[\]"),
        ({"lags": np.array([0, 5])}, r"lags: expected at least 2 lags ≥ 1, got \[0, 5\]"),
    ],
)
def test_the_door_of_diffusion_entropy(options: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        diffusion_entropy(np.arange(500.0), **options)
