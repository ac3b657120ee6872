import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.hubs import degree_table


def test_a_star_that_all_hear_by_hand() -> None:
    edges = np.array([[0, 1], [0, 2], [0, 3], [1, 0]])  # the hub speaks to three and hears one
    success = np.array([[1, 0.9, 0.6, 0.3], [0.5, 1, 0, 0], [0, 0, 1, 0], [0.1, 0, 0, 1]])
    table = degree_table(edges, 4, ["hub", "a", "b", "c"], success=success)
    assert table["name"].tolist() == ["hub", "a", "b", "c"]
    assert table["out_degree"].tolist() == [3, 1, 0, 0]
    assert table["in_degree"].tolist() == [1, 1, 1, 1]
    assert table["betweenness"].tolist() == pytest.approx([2 / 6, 0, 0, 0])  # a → hub → b and c
    assert table["success_as_speaker"].tolist() == pytest.approx([0.6, 0.5 / 3, 0, 0.1 / 3])
    assert table["success_as_listener"].tolist() == pytest.approx([0.2, 0.3, 0.2, 0.1])


def test_rank_flows_from_listener_to_speaker() -> None:
    ranks = degree_table(np.array([[0, 1], [0, 2], [0, 3]]), 4)["pagerank"]
    assert ranks[0] > 2 * ranks[1]


def test_it_is_networkx_on_the_karate_club() -> None:
    graph = nx.karate_club_graph()
    edges = np.array([edge for a, b in graph.edges for edge in ((a, b), (b, a))])
    table = degree_table(edges, 34)
    assert table["out_degree"].tolist() == [graph.degree(agent) for agent in graph]
    expected = nx.betweenness_centrality(graph)
    assert table["betweenness"] == pytest.approx([expected[agent] for agent in range(34)])
    ranks = nx.pagerank(nx.Graph(graph.edges))
    assert table["pagerank"] == pytest.approx([ranks[agent] for agent in range(34)], rel=1e-4)
    assert "success_as_speaker" not in table


def test_agents_without_links_and_one_agent() -> None:
    table = degree_table(np.empty((0, 2), int), 3)
    assert table["out_degree"].tolist() == [0, 0, 0]
    assert table["pagerank"] == pytest.approx([1 / 3] * 3)
    assert np.isnan(degree_table(np.empty((0, 2), int), 1, success=np.ones((1, 1)))["success_as_speaker"]).all()
