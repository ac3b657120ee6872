from collections.abc import Callable

import numpy as np
import pytest

from hubbub.analysis.temporal import dfa, multifractal_dfa, phase_randomised
from hubbub.analysis.temporal.dfa import orthonormal_polynomials
from hubbub.simulator.errors import ConfigurationError


def by_definition(record: np.ndarray, lag: int, order: int) -> float:
    """F(lag) of Peng et al. (1994), one window after the other."""
    profile = np.cumsum(record - record.mean())
    place = np.arange(lag)
    windows = profile[: len(profile) // lag * lag].reshape(-1, lag)
    left = [window - np.polyval(np.polyfit(place, window, order), place) for window in windows]
    return float(np.sqrt(np.mean(np.square(left))))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_it_is_the_definition(order: int) -> None:
    record = np.random.default_rng(0).standard_normal(1000) + 3
    found = dfa(record, order=order, surrogates=0)
    expected = [by_definition(record, int(lag), order) for lag in found.scales]
    np.testing.assert_allclose(found.curve, np.log(expected), atol=1e-10)
    assert (found.low, found.high, found.n) == (10, 100, 1000)
    assert found.value == pytest.approx(np.polyfit(np.log(found.scales), found.curve, 1)[0])


def test_the_polynomials_are_orthonormal_and_of_their_degree() -> None:
    basis = orthonormal_polynomials(500, 3)
    np.testing.assert_allclose(basis @ basis.T, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(np.diff(basis[1], 2), 0, atol=1e-12)


@pytest.mark.parametrize("hurst", [0.3, 0.5, 0.7, 0.9])
def test_fractional_noise_has_its_exponent_and_its_sum_one_more(fractional_noise: Callable, hurst: float) -> None:
    noise = fractional_noise(hurst, 100_000, np.random.default_rng(1))
    assert dfa(noise, surrogates=0).value == pytest.approx(hurst, abs=0.03)
    assert dfa(np.cumsum(noise), surrogates=0).value == pytest.approx(hurst + 1, abs=0.06)


def test_a_telegraph_signal_bends_at_its_dwell_time(telegraph: Callable) -> None:
    signal = telegraph(1000, 1_000_000, np.random.default_rng(0))
    found = dfa(signal, surrogates=0)
    first, last = found.segments[0], found.segments[-1]
    assert first.value == pytest.approx(1.5, abs=0.06)
    assert first.high < 2000
    assert last.value == pytest.approx(0.5, abs=0.12)
    assert last.low > 1000
    assert dfa(signal, lags=np.arange(20_000, 100_000, 3000), surrogates=0).value == pytest.approx(0.5, abs=0.1)
    assert found.segments_r_squared > 0.999 > found.r_squared


def test_the_error_is_the_spread_of_independent_records(fractional_noise: Callable) -> None:
    rng = np.random.default_rng(2)
    found = [dfa(fractional_noise(0.7, 10_000, rng), surrogates=0) for _ in range(60)]
    spread = np.std([one.value for one in found])
    assert np.mean([one.error for one in found]) == pytest.approx(spread, rel=0.4)


def test_shuffling_takes_the_memory_and_random_phases_keep_it(fractional_noise: Callable) -> None:
    noise = fractional_noise(0.8, 20_000, np.random.default_rng(3))
    found = dfa(noise)
    assert found.null is not None
    assert found.null.model == "shuffled"
    assert found.null.mean == pytest.approx(0.5, abs=0.02)
    assert found.value > found.null.mean + 10 * found.null.sd
    linear = dfa(noise, surrogate=phase_randomised).null
    assert linear is not None
    assert linear.mean == pytest.approx(found.value, abs=0.03)


def test_a_record_far_from_zero_and_large_or_small_units_change_nothing(fractional_noise: Callable) -> None:
    noise = fractional_noise(0.7, 20_000, np.random.default_rng(4))
    value = dfa(noise, surrogates=0).value
    for other in (noise + 1e6, 1e-8 * noise, 1e8 * noise):
        assert dfa(other, surrogates=0).value == pytest.approx(value, abs=1e-5)


def test_q_of_a_monofractal_says_the_same_and_of_a_cascade_does_not(fractional_noise: Callable) -> None:
    rng = np.random.default_rng(5)
    noise = multifractal_dfa(fractional_noise(0.7, 2**15, rng), q=(-2, 0, 2), surrogates=5)
    assert noise.width < 0.08
    assert noise.h[2].value == pytest.approx(0.7, abs=0.05)
    np.testing.assert_allclose(noise.mass, noise.q * [h.value for h in noise.h] - 1)
    # A binomial cascade has h(q) = 1/q − log2(a^q + (1 − a)^q) / q (Kantelhardt et al. 2002, eq. 22).
    share, digits = 0.75, np.array([number.bit_count() for number in range(2**15)])
    cascade = share**digits * (1 - share) ** (15 - digits)
    q = np.array([1.0, 2.0, 4.0])
    expected = 1 / q - np.log2(share**q + (1 - share) ** q) / q
    found = multifractal_dfa(cascade, q=q, lags=2 ** np.arange(4, 13), surrogates=5)
    h = np.array([one.value for one in found.h])
    np.testing.assert_allclose(h - h[1], expected - expected[1], atol=0.02)
    np.testing.assert_allclose(h, expected, atol=0.08)  # short windows make all of them a little too small
    assert found.null is not None
    assert found.width > found.null.mean + 5 * found.null.sd


def test_one_moment_of_many_is_the_moment_alone() -> None:
    record = np.random.default_rng(6).standard_normal(2000)
    many = multifractal_dfa(record, q=(-1, 0, 3), surrogates=0)
    for q, h in zip(many.q, many.h, strict=True):
        assert dfa(record, q=q, surrogates=0).value == pytest.approx(h.value, abs=1e-12)
    assert many.null is None


def test_stretches_in_which_nothing_happens_do_not_rule_negative_moments() -> None:
    noise = np.random.default_rng(7).standard_normal(20_000)
    quiet = np.concatenate([noise, np.full(10_000, 0.3)])
    found = multifractal_dfa(quiet, q=(-1, 0), surrogates=0)
    expected = multifractal_dfa(noise, q=(-1, 0), surrogates=0)
    for one, other in zip(found.h, expected.h, strict=True):
        assert one.value == pytest.approx(other.value, abs=0.05)


def test_records_that_do_not_move_have_no_exponent_but_a_reason() -> None:
    constant = dfa(np.ones(1000))
    assert np.isnan(constant.value)
    assert constant.reason == "record: expected values that vary, got 1000 times 1"
    assert constant.null is None
    assert np.isnan(constant.widest.value)
    assert dfa(np.arange(249.0)).reason == "record: expected at least 250 steps, got 249"
    assert dfa(np.empty(0)).reason == "record: expected at least 250 steps, got 0"
    assert dfa(np.arange(100.0), lags=np.array([10, 20, 60])).reason == "record: expected at least 120 steps, got 100"
    late = np.zeros(1000)
    late[-1] = 1  # no window sees anything but one that ends with the record
    seen = dfa(late, surrogates=0)
    assert len(seen.scales) >= 2
    assert (1000 % seen.scales == 0).all()
    late[-1], late[0] = 0, 1
    assert dfa(late[1:]).reason == "record: expected values that vary, got 999 times 0"
    assert np.isnan(multifractal_dfa(np.ones(1000)).width)


@pytest.mark.parametrize(
    ("record", "options", "message"),
    [
        (np.array([1.0, np.nan, np.inf]), {}, "record: expected finite numbers, got 2 others"),
        (np.ones((3, 3)), {}, r"record: expected shape \[T\], got \(3, 3\)"),
        (np.arange(300.0), {"order": 0}, "order: expected a whole number ≥ 1, got 0"),
        (np.arange(300.0), {"lags": np.array([2, 50])}, r"lags: expected at least 2 lags ≥ 3, got \[2, 50\]"),
    ],
)
def test_the_door_of_dfa(record: np.ndarray, options: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        dfa(record, **options)
