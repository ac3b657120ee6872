import numpy as np
import pytest

from hubbub.analysis.dialects import pair_means
from hubbub.simulator.errors import ConfigurationError


def test_means_by_hand() -> None:
    success = np.array([[1.0, 0.8, 0.2], [0.6, 0.9, 0.0], [0.1, 0.3, 0.5]])
    found = pair_means(success, np.array([[0, 1], [1, 0], [2, 0]]))
    assert found == pytest.approx(
        {
            "over_links": (0.8 + 0.6 + 0.1) / 3,
            "all_pairs": (0.8 + 0.2 + 0.6 + 0.0 + 0.1 + 0.3) / 6,
            "unlinked": (0.2 + 0.0 + 0.3) / 3,
            "self": (1.0 + 0.9 + 0.5) / 3,
            "asymmetry": 2 * (0.2 + 0.1 + 0.3) / 6,
        }
    )


def test_what_a_graph_does_not_have_is_nan() -> None:
    both = np.array([[0, 1], [1, 0]])
    assert np.isnan(pair_means(np.eye(2), both)["unlinked"])
    lonely = pair_means(np.eye(2), np.empty((0, 2), int))
    assert np.isnan(lonely["over_links"])
    assert lonely["unlinked"] == 0
    alone = pair_means(np.ones((1, 1)), np.empty((0, 2), int))
    assert alone["self"] == 1
    assert np.isnan(alone["all_pairs"])


def test_edges_of_other_agents_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="edges: expected agents 0 … 1, got 2"):
        pair_means(np.eye(2), np.array([[0, 2]]))
    with pytest.raises(ConfigurationError, match=r"edges: expected shape \[E, 2\]"):
        pair_means(np.eye(2), np.array([[0, 1, 1]]))
