from collections.abc import Callable

import numpy as np
import pytest
from scipy.signal import welch

from hubbub.analysis.temporal import spectral_exponent
from hubbub.analysis.temporal.spectral_exponent import _periodograms
from hubbub.simulator.errors import ConfigurationError


def test_white_noise_is_flat_and_its_sum_falls_with_the_square() -> None:
    noise = np.random.default_rng(0).standard_normal(200_000)
    white = spectral_exponent(noise)
    assert white.value == pytest.approx(0, abs=0.05)
    assert white.null is not None
    assert abs(white.value - white.null.mean) < 4 * white.null.sd
    assert spectral_exponent(np.cumsum(noise), surrogates=0).value == pytest.approx(2, abs=0.06)


@pytest.mark.parametrize("hurst", [0.3, 0.8])
def test_fractional_noise_has_two_h_less_one(fractional_noise: Callable, hurst: float) -> None:
    noise = fractional_noise(hurst, 200_000, np.random.default_rng(1))
    assert spectral_exponent(noise, surrogates=0).value == pytest.approx(2 * hurst - 1, abs=0.06)


def test_the_spectrum_is_welchs() -> None:
    record = np.random.default_rng(2).standard_normal(5000)
    power = _periodograms(record, 256).mean(axis=0)
    theirs = welch(record, nperseg=256, detrend="constant", scaling="density")[1]
    np.testing.assert_allclose(power[1:-1] / theirs[1:-1], power[1] / theirs[1])


def test_the_range_and_the_error() -> None:
    rng = np.random.default_rng(3)
    found = [spectral_exponent(rng.standard_normal(10_000), surrogates=0) for _ in range(60)]
    assert np.mean([one.error for one in found]) == pytest.approx(np.std([one.value for one in found]), rel=0.4)
    assert 10 <= found[0].low < 12
    assert 200 < found[0].high <= 256
    wide = spectral_exponent(rng.standard_normal(10_000), shortest=2.5, surrogates=0)
    assert 2.5 <= wide.low < 3.2


def test_what_has_no_spectrum_is_refused() -> None:
    assert spectral_exponent(np.ones(2000)).reason == "record: expected values that vary, got 2000 times 1"
    assert spectral_exponent(np.arange(1000)).reason == "record: expected at least 1024 steps, got 1000"
    short = spectral_exponent(np.arange(1100), shortest=40)
    assert short.reason == "record: expected at least 4096 steps, got 1100"
    with pytest.raises(ConfigurationError, match="shortest: expected a period of at least 2 steps, got 1"):
        spectral_exponent(np.arange(2000), shortest=1)
