"""The loops for large graphs against networkx and against the code for small graphs; samples against all sources."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.dialects import hop_distances
from hubbub.analysis.hubs import (
    betweenness_centralisation,
    clustering,
    core_numbers,
    distances,
    efficiency,
    eigenvector_centralisation,
    eigenvector_centrality,
    graph_communities,
    k_core,
    modularity,
    page_rank,
    path_length,
    rich_club_curve,
    shortest_paths,
    undirected_links,
)
from hubbub.analysis.hubs.graph_nulls import _swapped, _swapped_by_loop
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE
from hubbub.simulator.errors import ConfigurationError

N = COMPILED_ABOVE + 50


def edges_of(graph: nx.Graph) -> np.ndarray:
    return np.array(graph.edges, dtype=int).reshape(-1, 2)


def in_parts() -> nx.Graph:
    """Hubs, a ring, and agents without links."""
    graph = nx.disjoint_union(nx.barabasi_albert_graph(N - 40, 3, seed=1), nx.cycle_graph(30))
    graph.add_nodes_from(range(N))
    return graph


@pytest.mark.parametrize("directed", [False, True])
def test_shortest_paths_are_those_of_networkx(directed: bool) -> None:
    graph = nx.gnp_random_graph(N, 4 / N, seed=2, directed=True) if directed else in_parts()
    found = shortest_paths(edges_of(graph), N, directed=directed)
    expected = nx.betweenness_centrality(graph)
    assert found.betweenness() == pytest.approx([expected[agent] for agent in range(N)])
    assert not found.betweenness_error().any()
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    assert found.total.tolist() == [sum(lengths[agent].values()) for agent in range(N)]
    assert found.reached.tolist() == [len(lengths[agent]) - 1 for agent in range(N)]
    inverse = [sum(1 / far for far in lengths[agent].values() if far) for agent in range(N)]
    assert found.inverse == pytest.approx(inverse)


def test_beside_more_paths_than_any_float_a_single_one_counts_too() -> None:
    """Through a chain of K diamonds lead 2 ** K shortest paths, and beside it runs one path of the same length."""
    n_diamonds = 700
    joints = 3 * np.arange(n_diamonds)
    n_agents = 3 * n_diamonds + 1
    ends = [(joints, joints + 1), (joints, joints + 2), (joints + 1, joints + 3), (joints + 2, joints + 3)]
    path = np.concatenate([[0], n_agents + np.arange(2 * n_diamonds - 1), [n_agents - 1]])
    edges = np.concatenate([np.column_stack(pair) for pair in (*ends, (path[:-1], path[1:]))])
    found = shortest_paths(edges, n_agents + len(path) - 2)
    assert np.isfinite(found.flow).all()
    # Every path of length d has d − 1 agents between its ends.
    assert found.flow.sum() == pytest.approx(float(found.total.sum() - found.reached.sum()), rel=1e-9)


def test_cores_triangles_communities_and_ranks_are_those_of_networkx() -> None:
    graph = in_parts()
    graph.add_edges_from(nx.powerlaw_cluster_graph(N - 60, 4, 0.6, seed=3).edges)
    edges = edges_of(graph)
    cores, rank = nx.core_number(graph), nx.pagerank(graph)
    assert core_numbers(edges, N).tolist() == [cores[agent] for agent in range(N)]
    assert k_core(edges, N).value == max(cores.values())
    assert clustering(edges, N).value == pytest.approx(nx.average_clustering(graph))
    assert page_rank(edges_of(graph.to_directed()), N) == pytest.approx([rank[agent] for agent in range(N)])
    found = graph_communities(edges, N)
    assert found.tolist() == graph_communities(edges[::-1], N).tolist()
    best = max(nx.community.modularity(graph, nx.community.louvain_communities(graph, seed=s)) for s in range(5))
    assert modularity(edges, N).value > best - 0.03
    groups = [set(np.flatnonzero(found == group).tolist()) for group in range(found.max() + 1)]
    assert modularity(edges, N).value == pytest.approx(nx.community.modularity(graph, groups))


def test_communities_that_were_planted_are_found() -> None:
    planted = nx.planted_partition_graph(6, 40, 0.4, 0.01, seed=1)
    found = graph_communities(edges_of(planted), 240)
    assert all(len(set(found[start : start + 40].tolist())) == 1 for start in range(0, 240, 40))
    assert found.max() == 5


def test_swaps_are_the_same_in_the_loop() -> None:
    links = undirected_links(edges_of(in_parts()), N)
    rng = np.random.default_rng(0)
    chosen, turned = rng.integers(len(links), size=(5000, 2)), rng.random(5000) < 0.5
    swapped = _swapped_by_loop(links, N, chosen, turned)
    assert swapped.tolist() == _swapped(links, N, chosen, turned).tolist()
    assert (np.bincount(swapped.ravel(), minlength=N) == np.bincount(links.ravel(), minlength=N)).all()


def test_the_leading_eigenvector_is_that_of_the_whole_matrix() -> None:
    edges = edges_of(in_parts())
    matrix = np.zeros((N, N))
    matrix[edges[:, 0], edges[:, 1]] = matrix[edges[:, 1], edges[:, 0]] = 1
    expected = np.abs(np.linalg.eigh(matrix)[1][:, -1])
    assert eigenvector_centrality(edges, N) == pytest.approx(expected / expected.max(), abs=1e-8)


def test_the_component_with_the_largest_eigenvalue_is_found_whatever_the_order() -> None:
    ring, clique = edges_of(nx.cycle_graph(300)), 300 + edges_of(nx.complete_graph(4))
    for edges in (np.concatenate([ring, clique]), np.concatenate([clique, ring])):
        assert eigenvector_centrality(edges, 304).tolist() == [0.0] * 300 + [1.0] * 4
    assert eigenvector_centrality(ring, 300).tolist() == [1.0] * 300
    # A long path has an eigenvalue of nearly 2, but below that of any ring.
    path = 300 + edges_of(nx.path_graph(400))
    assert eigenvector_centrality(np.concatenate([path, ring]), 700)[300:].tolist() == [0.0] * 400
    two_rings = np.concatenate([ring, 300 + ring])
    assert eigenvector_centralisation(two_rings, 600).reason == "two components are equally central"


def test_an_eigenvector_that_is_not_found_has_a_reason() -> None:
    found = eigenvector_centralisation(edges_of(nx.path_graph(10_000)), 10_000)
    assert np.isnan(found.value)
    assert found.reason == "the two largest eigenvalues of a component of 10000 agents are nearly equal"


def test_a_sample_of_sources_has_an_interval_that_holds_the_value_of_all() -> None:
    n_agents = 800
    edges = edges_of(nx.barabasi_albert_graph(n_agents, 2, seed=4))
    whole = shortest_paths(edges, n_agents)
    inside = dict.fromkeys(("length", "efficiency", "centralisation"), 0)
    errors, misses = [], []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        some = shortest_paths(edges, n_agents, exact_up_to=600, generator=rng)
        assert some.is_sampled and len(some.total) == 500
        for name, measure in (
            ("length", path_length),
            ("efficiency", efficiency),
            ("centralisation", betweenness_centralisation),
        ):
            found, true = measure(edges, n_agents, paths=some), measure(edges, n_agents, paths=whole).value
            assert found.estimator.endswith(" from 500 random agents")
            low, high = found.interval
            assert low < found.value < high
            inside[name] += low <= true <= high
        top = whole.betweenness() > 5 * whole.betweenness().mean()
        misses.append((some.betweenness() - whole.betweenness())[top])
        errors.append(some.betweenness_error()[top])
    assert min(inside.values()) >= 25  # 28.5 of 30 are to be expected
    assert np.std(misses) == pytest.approx(np.sqrt(np.mean(np.square(errors))), rel=0.25)
    assert path_length(edges, n_agents, paths=whole).interval is None


def test_matrices_of_too_many_agents_are_refused_with_their_size() -> None:
    none = np.empty((0, 2), dtype=int)
    for matrix in (distances, hop_distances):
        with pytest.raises(ConfigurationError, match=r"at most 20,000 agents .* got 30,000, which need 7 GB"):
            matrix(none, 30_000)


def test_a_rich_club_of_a_large_graph_needs_no_matrix() -> None:
    hubs = np.array([[hub, agent] for hub in (0, 1) for agent in range(2, 60_000)] + [[0, 1]])
    curve = rich_club_curve(hubs, 60_000)
    assert len(curve["degree"]) == 59_999
    assert curve["agents"][[0, 1, 2, -1]].tolist() == [60_000, 60_000, 2, 2]
    assert curve["phi"][-1] == 1
