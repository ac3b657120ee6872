import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.dialects import by_distance, hop_distances
from hubbub.simulator.errors import ConfigurationError

PATH = np.array([[0, 1], [1, 0], [1, 2], [2, 1], [2, 3], [3, 2]])


def test_hops_follow_the_edges() -> None:
    hops = hop_distances(np.array([[0, 1], [1, 2]]), 3)
    assert hops.tolist() == [[0, 1, 2], [np.inf, 0, 1], [np.inf, np.inf, 0]]


def test_a_path_of_four_by_hand() -> None:
    matrix = np.arange(16, dtype=float).reshape(4, 4)
    found = by_distance(matrix, PATH, 4)
    assert found.distance.tolist() == [1, 2, 3]
    assert found.pairs.tolist() == [6, 4, 2]
    at_two = [matrix[0, 2], matrix[2, 0], matrix[1, 3], matrix[3, 1]]
    assert found.mean[1] == pytest.approx(np.mean(at_two))
    assert found.sd[1] == pytest.approx(np.std(at_two))
    assert np.isnan(found.standard_error[2])  # both pairs at three hops share their agents


def test_the_standard_error_leaves_out_one_agent_at_a_time() -> None:
    rng = np.random.default_rng(4)
    graph = nx.random_regular_graph(4, 12, seed=1)
    edges = np.array([edge for a, b in graph.edges for edge in ((a, b), (b, a))])
    matrix = rng.random((12, 12))
    found = by_distance(matrix, edges, 12)
    linked = hop_distances(edges, 12) == 1
    left_out = []
    for agent in range(12):
        kept = np.arange(12) != agent
        left_out.append(matrix[np.ix_(kept, kept)][linked[np.ix_(kept, kept)]].mean())
    expected = np.sqrt(10 / 24 * np.square(left_out - np.mean(left_out)).sum())
    assert found.standard_error[0] == pytest.approx(expected)


def test_the_standard_error_holds_for_pairs_that_share_agents() -> None:
    """Where agents differ, the mean of a dyadic matrix varies as the jackknife says, far more than sd / √pairs."""
    rng = np.random.default_rng(6)
    complete = np.array([(i, j) for i in range(20) for j in range(20) if i != j])
    means, errors, naive = [], [], []
    for _ in range(60):
        skill = rng.normal(0, 1, 20)
        found = by_distance(skill[:, None] + skill + rng.normal(0, 0.1, (20, 20)), complete, 20)
        means.append(found.mean[0])
        errors.append(found.standard_error[0])
        naive.append(found.sd[0] / np.sqrt(found.pairs[0]))
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.3)
    assert np.mean(naive) < 0.4 * np.std(means)


def test_agents_without_a_path_are_at_infinity_and_are_kept() -> None:
    found = by_distance(np.full((4, 4), 0.5), np.array([[0, 1], [1, 0], [2, 3], [3, 2]]), 4)
    assert found.distance.tolist() == [1, np.inf]
    assert found.pairs.tolist() == [4, 8]
    assert found.mean.tolist() == [0.5, 0.5]
    nobody = by_distance(np.eye(3), np.empty((0, 2), int), 3)
    assert nobody.distance.tolist() == [np.inf]
    assert nobody.pairs.tolist() == [6]
    alone = by_distance(np.eye(1), np.empty((0, 2), int), 1)
    assert len(alone.distance) == len(alone.pairs) == 0


def test_nan_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="matrix: expected finite numbers, got 1 others"):
        by_distance(np.array([[0, np.nan], [0, 0]]), np.array([[0, 1]]), 2)


def test_it_is_the_mean_at_each_distance_with_the_vertex_jackknife() -> None:
    rng = np.random.default_rng(0)
    n_agents = 15
    edges = np.array([(one, other) for one, other in rng.integers(n_agents, size=(22, 2)) if one != other])
    values = rng.random((n_agents, n_agents))
    hops = hop_distances(edges, n_agents)
    found = by_distance(values, edges, n_agents)
    others = ~np.eye(n_agents, dtype=bool)
    assert found.distance.tolist() == np.unique(hops[others]).tolist()
    assert np.inf in found.distance
    for at, distance in enumerate(found.distance):
        chosen = others & (hops == distance)
        assert found.pairs[at] == chosen.sum()
        assert found.mean[at] == pytest.approx(values[chosen].mean())
        assert found.sd[at] == pytest.approx(values[chosen].std())
        without = []
        for agent in range(n_agents):
            kept = chosen.copy()
            kept[agent] = kept[:, agent] = False
            without.append(values[kept].mean() if kept.any() else np.nan)
        error = np.sqrt((n_agents - 2) / (2 * n_agents) * ((np.array(without) - np.mean(without)) ** 2).sum())
        assert found.standard_error[at] == pytest.approx(error, nan_ok=True)
