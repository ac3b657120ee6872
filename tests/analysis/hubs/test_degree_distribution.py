import numpy as np
import pytest

from hubbub.analysis.hubs import degree_distribution, degrees, gini, largest_to_mean
from hubbub.simulator.errors import ConfigurationError

EDGES = np.array([[0, 1], [1, 0], [0, 2], [3, 0]])


def test_degrees_by_hand() -> None:
    assert degrees(EDGES, 5).tolist() == [3, 1, 1, 1, 0]
    assert degrees(EDGES, 5, kind="out").tolist() == [2, 1, 0, 1, 0]
    assert degrees(EDGES, 5, kind="in").tolist() == [2, 1, 1, 0, 0]
    with pytest.raises(ConfigurationError, match="kind: expected one of links, out, in, got 'ot'; did you mean 'out'"):
        degrees(EDGES, 5, kind="ot")


def test_the_distribution_by_hand() -> None:
    found = degree_distribution(EDGES, 5)
    assert found["degree"].tolist() == [0, 1, 3]
    assert found["agents"].tolist() == [1, 3, 1]
    assert found["at_least"] == pytest.approx([1, 0.8, 0.2])
    assert degree_distribution(np.empty((0, 2), int), 0)["at_least"].tolist() == []


def test_the_largest_in_units_of_the_mean() -> None:
    assert largest_to_mean(np.array([6, 2, 2, 2])).value == 2
    assert largest_to_mean(np.array([3, 3])).value == 1 == 1 + gini(np.array([3, 3])).value
    assert largest_to_mean(np.zeros(3)).reason == "no value above 0"
    assert largest_to_mean(np.zeros(0)).reason == "no value above 0"
