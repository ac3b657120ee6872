import numpy as np
import pytest

from hubbub.analysis.dialects import intelligibility_asymmetry, pair_means
from hubbub.simulator.errors import ConfigurationError

SUCCESS = np.array([[1.0, 0.9, 0.5], [0.7, 1.0, 0.2], [0.5, 0.6, 0.0]])


def test_by_hand() -> None:
    found = intelligibility_asymmetry(SUCCESS, 10, labels=np.array([0, 0, 1]), samples=0)
    assert found.overall.value == pytest.approx((0.2 + 0 + 0.4) / 3)
    assert found.overall.value == pytest.approx(pair_means(SUCCESS, np.empty((0, 2), int))["asymmetry"])
    assert (found.within.value, found.within.n) == (pytest.approx(0.2), 1)
    assert (found.between.value, found.between.n) == (pytest.approx(0.2), 2)


def test_accidents_alone_are_within_the_null() -> None:
    rng = np.random.default_rng(0)
    mean = rng.random((20, 20))
    mean = (mean + mean.T) / 2
    found = intelligibility_asymmetry(rng.binomial(50, mean) / 50, 50, generator=rng).overall
    assert found.null is not None
    assert abs(found.z_score) < 3
    assert found.value == pytest.approx(found.null.mean, rel=0.2)
    tilted = np.clip(mean + np.triu(np.full((20, 20), 0.2)), 0, 1)
    assert intelligibility_asymmetry(tilted, 50, generator=rng).overall.p_value < 0.01


def test_what_is_not_there_has_a_reason() -> None:
    alone = intelligibility_asymmetry(np.ones((1, 1)), 5)
    assert (alone.overall.reason, alone.within.reason) == ("no pairs", "no pairs")
    assert intelligibility_asymmetry(SUCCESS, 5).within.reason == "no dialects given"
    one = intelligibility_asymmetry(SUCCESS, 5, labels=np.zeros(3))
    assert one.between.reason == "no such pair"
    assert one.within.value == one.overall.value


def test_the_door_refuses() -> None:
    with pytest.raises(ConfigurationError, match="n_referents: expected at least 1, got 0"):
        intelligibility_asymmetry(SUCCESS, 0)
    with pytest.raises(ConfigurationError, match="success: expected values from 0 to 1"):
        intelligibility_asymmetry(2 * SUCCESS, 5)
    with pytest.raises(ConfigurationError, match="success: expected finite"):
        intelligibility_asymmetry(np.full((2, 2), np.nan), 5)
