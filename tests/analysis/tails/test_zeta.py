import numpy as np
import pytest
from scipy.special import zeta

from hubbub.analysis.tails.zeta import log_zeta, zeta_moments


@pytest.mark.parametrize("alpha", [1.01, 1.5, 2.0, 2.5, 3.5, 8.0, 30.0])
@pytest.mark.parametrize("first", [1.0, 2.0, 7.0, 60.0, 5000.0])
def test_the_logarithm_is_that_of_the_hurwitz_zeta_function(alpha: float, first: float) -> None:
    expected = np.log(zeta(alpha, first)) + alpha * np.log(first)
    assert log_zeta(np.array(alpha), np.array(first)) == pytest.approx(expected, rel=1e-8, abs=1e-8)
    assert zeta_moments(np.array(alpha), np.array(first))[0] == pytest.approx(expected, rel=1e-8, abs=1e-8)


def test_moments_are_those_of_a_long_sum() -> None:
    x = np.arange(3, 2_000_000, dtype=float)
    weights = x**-3.5 / (x**-3.5).sum()
    logs = np.log(x / 3)
    _, mean, variance = zeta_moments(np.array(3.5), np.array(3.0))
    assert mean == pytest.approx(weights @ logs, rel=1e-8)
    assert variance == pytest.approx(weights @ logs**2 - (weights @ logs) ** 2, rel=1e-8)


def test_nothing_overflows_far_out() -> None:
    assert np.isfinite(zeta_moments(np.array([200.0, 5000.0]), np.array([1.0, 1e6]))).all()
