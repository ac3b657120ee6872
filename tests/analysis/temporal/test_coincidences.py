import numpy as np
import pytest

from hubbub.analysis.temporal import coincidences, switched_on
from hubbub.simulator.errors import ConfigurationError


def test_switches_by_hand() -> None:
    states = np.array([[-1, 1, -1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]])
    assert switched_on(states).tolist() == [0, 1, 1, 1]
    assert switched_on(states > 0).tolist() == [0, 1, 1, 1]


def test_coincidences_lie_two_deviations_above_the_mean() -> None:
    switches = np.array([1] * 20 + [9] + [1] * 20 + [2])
    assert coincidences(switches).tolist() == [20]
    assert coincidences(100 * switches).tolist() == [20]
    assert coincidences(switches, deviations=(2 - switches.mean()) / switches.std()).tolist() == [20, 41]


def test_where_nothing_varies_nothing_coincides() -> None:
    assert len(coincidences(np.zeros(100))) == 0
    assert len(coincidences(np.empty(0))) == 0
    with pytest.raises(ConfigurationError, match="switches: expected finite numbers, got 1 others"):
        coincidences(np.array([1, np.nan]))
