import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.hubs import gini, graph_communities, top_share


def test_gini_by_hand() -> None:
    assert gini(np.array([2, 2, 2])).value == 0
    assert gini(np.array([0, 0, 0, 1])).value == pytest.approx(3 / 4)
    assert gini(np.array([3, 1])).value == pytest.approx(1 / 4)
    values = np.random.default_rng(0).exponential(size=50)
    pairs = np.abs(values[:, None] - values).mean()
    assert gini(values).value == pytest.approx(pairs / (2 * values.mean()))
    assert gini(np.zeros(4)).reason == "no value above 0"


def test_top_share_takes_at_least_one_agent() -> None:
    assert top_share(np.array([5, 3, 2])).value == 0.5
    assert top_share(np.arange(1, 41)).value == pytest.approx((39 + 40) / 820)
    assert top_share(np.array([1, 1, 2]), fraction=0.5).value == pytest.approx(3 / 4)
    assert np.isnan(top_share(np.zeros(2)).value)


def test_communities_of_two_cliques_and_of_nothing() -> None:
    graph = nx.barbell_graph(5, 0)
    edges = np.array(graph.edges)
    assert graph_communities(edges, 10, 2).tolist() == [0] * 5 + [1] * 5
    assert graph_communities(np.empty((0, 2), int), 3, 2).tolist() == [0, 1, 2]
