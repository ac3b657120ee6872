"""Communities of the graph against all partitions of small graphs, and shortest paths against closed forms."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.hubs import betweenness, degree_table, distances, graph_communities, modularity
from hubbub.simulator.errors import ConfigurationError


def partitions(n: int) -> Iterator[tuple[int, ...]]:
    """All partitions of n agents, as labels in order of appearance."""
    if not n:
        yield ()
        return
    for labels in partitions(n - 1):
        yield from ((*labels, label) for label in range(max(labels, default=-1) + 2))


def modularities(adjacency: np.ndarray, same: np.ndarray) -> np.ndarray:
    """By the definition: Σ (A_ij − k_i k_j / 2m) / 2m over pairs in one community, for many partitions at once."""
    degree, ends = adjacency.sum(axis=0), adjacency.sum()
    return same.reshape(len(same), -1) @ (adjacency - np.outer(degree, degree) / ends).ravel() / ends


def test_all_graphs_of_up_to_seven_nodes_against_all_partitions() -> None:
    graphs = [graph for graph in nx.graph_atlas_g() if graph.number_of_edges()]
    best = shortfall = asked = 0.0
    by_size = {n: np.array(list(partitions(n))) for n in range(2, 8)}
    same = {n: labels[:, :, None] == labels[:, None, :] for n, labels in by_size.items()}
    for graph in graphs[::4]:
        n = graph.number_of_nodes()
        adjacency = nx.to_numpy_array(graph)
        values = modularities(adjacency, same[n])
        n_groups = by_size[n].max(axis=1) + 1
        edges = np.argwhere(adjacency)
        for k in range(1, n + 1):
            found = graph_communities(edges, n, k)
            assert len(np.unique(found)) == k
            value = modularity(edges, n, found).value
            assert value == pytest.approx(modularities(adjacency, (found[:, None] == found)[None])[0])
            highest = values[n_groups == k].max()
            assert value <= highest + 1e-12
            asked += 1
            best += value > highest - 1e-9
            shortfall = max(shortfall, highest - value)
    assert best / asked > 0.9
    assert shortfall < 0.17


def test_below_the_number_of_components_the_smallest_are_joined() -> None:
    graph = nx.disjoint_union_all([nx.complete_graph(4) for _ in range(5)])
    graph.add_nodes_from(range(20, 25))
    edges = np.argwhere(nx.to_numpy_array(graph))
    assert modularity(edges, 25, graph_communities(edges, 25, 5)).value == pytest.approx(0.8)
    assert modularity(edges, 25, graph_communities(edges, 25, 3)).value == pytest.approx(0.64)


@pytest.mark.parametrize("k", [0, 26, 2.5])
def test_a_number_of_communities_that_there_cannot_be_is_refused(k: float) -> None:
    with pytest.raises(ConfigurationError, match="n_communities: expected"):
        graph_communities(np.array([[0, 1]]), 25, k)  # type: ignore[arg-type]


def diamonds(n: int) -> np.ndarray:
    """A chain of n diamonds: 2ⁿ shortest paths from end to end, over 3 n + 1 agents."""
    first = 3 * np.arange(n)[:, None]
    return np.concatenate([first + pair for pair in ([[0, 1]], [[0, 2]], [[1, 3]], [[2, 3]])])


@pytest.mark.parametrize("n", [2, 660])
def test_betweenness_where_numbers_of_paths_overflow(n: int) -> None:
    n_agents = 3 * n + 1
    found = betweenness(diamonds(n), n_agents)
    joint = np.arange(0, n_agents, 3)
    before = joint.astype(float)  # all pairs of an agent before a joint and one after it pass it
    # The joint of one diamond also lies on half of the paths between the two agents at the sides of each neighbour.
    beside = (joint > 0) * 0.5 + (joint < n_agents - 1) * 0.5
    expected = (before * (n_agents - 1 - before) + beside) / ((n_agents - 1) * (n_agents - 2) / 2)
    np.testing.assert_allclose(found[joint], expected, rtol=1e-9)
    assert np.isfinite(found).all()
    directed = degree_table(diamonds(n), n_agents)["betweenness"] if n < 100 else np.zeros(1)
    assert np.isfinite(directed).all()


@pytest.mark.parametrize("seed", range(3))
def test_betweenness_is_the_share_of_shortest_paths(seed: int) -> None:
    graph = nx.gnp_random_graph(9, 0.3, seed=seed)
    edges = np.array(graph.edges).reshape(-1, 2)
    expected = np.zeros(9)
    for one, other in itertools.permutations(range(9), 2):
        if nx.has_path(graph, one, other):
            paths = list(nx.all_shortest_paths(graph, one, other))
            for agent in set(range(9)) - {one, other}:
                expected[agent] += np.mean([agent in path for path in paths])
            assert distances(edges, 9)[one, other] == len(paths[0]) - 1
    np.testing.assert_allclose(betweenness(edges, 9), expected / (8 * 7))
    directed = nx.gnp_random_graph(9, 0.3, seed=seed, directed=True)
    found = degree_table(np.array(directed.edges).reshape(-1, 2), 9)["betweenness"]
    np.testing.assert_allclose(found, list(nx.betweenness_centrality(directed).values()), atol=1e-12)


def test_ring_star_and_path_have_the_closed_forms_at_size() -> None:
    n = 501
    ring = np.array([[i, (i + 1) % n] for i in range(n)])
    np.testing.assert_allclose(betweenness(ring, n), (n - 1) * (n - 3) / 4 / ((n - 1) * (n - 2)))
    star = np.array([[0, i] for i in range(1, n)])
    assert betweenness(star, n)[0] == pytest.approx(1)
    place = np.arange(n)
    path = np.stack([place[:-1], place[1:]], axis=1)
    np.testing.assert_allclose(betweenness(path, n), 2 * place * (n - 1 - place) / ((n - 1) * (n - 2)))
