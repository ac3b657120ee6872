import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.hubs import (
    betweenness,
    betweenness_centralisation,
    clustering,
    core_numbers,
    degree_assortativity,
    degree_centralisation,
    distances,
    efficiency,
    eigenvector_centralisation,
    k_core,
    link_counts,
    path_length,
    rich_club,
    rich_club_curve,
    ring_lattice,
    undirected_links,
)
from hubbub.simulator.errors import ConfigurationError

NONE = np.empty((0, 2), dtype=int)
STAR = np.array([[0, 1], [0, 2], [0, 3], [0, 4]])
PATH = np.array([[0, 1], [1, 2], [2, 3]])
TWO_PAIRS = np.array([[0, 1], [2, 3]])


def test_links_count_once_whatever_their_direction() -> None:
    edges = np.array([[1, 0], [0, 1], [2, 2], [2, 0]])
    assert undirected_links(edges, 3).tolist() == [[0, 1], [0, 2]]
    assert link_counts(edges, 3).tolist() == [2, 1, 1]
    assert degree_centralisation(edges, 3).value == 1
    with pytest.raises(ConfigurationError, match="agents 0 … 2"):
        degree_centralisation(np.array([[0, 3]]), 3)


def test_centralisations_of_a_star_a_ring_and_a_path_by_hand() -> None:
    ring = ring_lattice(5, 5)
    for measure in (degree_centralisation, betweenness_centralisation, eigenvector_centralisation):
        assert measure(STAR, 5).value == pytest.approx(1)
        assert measure(ring, 5).value == pytest.approx(0, abs=1e-9)
    assert degree_centralisation(PATH, 4).value == pytest.approx(2 / 6)
    # The inner agents lie on two of the three pairs of others.
    assert betweenness(PATH, 4) == pytest.approx([0, 2 / 3, 2 / 3, 0])
    assert betweenness_centralisation(PATH, 4).value == pytest.approx((2 * 2 / 3) / 3)
    golden = (1 + np.sqrt(5)) / 2  # eigenvector of the path: 1, golden, golden, 1
    expected = 2 * (1 - 1 / golden) / (3 * (1 - 1 / np.sqrt(3)))
    assert eigenvector_centralisation(PATH, 4).value == pytest.approx(expected)


def test_centralisations_are_refused_with_a_reason() -> None:
    for measure in (degree_centralisation, betweenness_centralisation, eigenvector_centralisation):
        assert measure(np.array([[0, 1]]), 2).reason == "2 agents, at least 3 needed"
        assert np.isnan(measure(np.array([[0, 1]]), 2).value)
    assert eigenvector_centralisation(NONE, 4).reason == "no links"
    assert eigenvector_centralisation(TWO_PAIRS, 4).reason == "two components are equally central"
    assert degree_centralisation(NONE, 4).value == 0


def test_an_infinite_distance_is_shown() -> None:
    assert distances(TWO_PAIRS, 4)[0].tolist() == [0, 1, np.inf, np.inf]
    found = path_length(TWO_PAIRS, 4)
    assert found.value == np.inf
    assert found.reason == "4 of 6 pairs have no path"
    assert efficiency(TWO_PAIRS, 4).value == pytest.approx(2 / 6)
    assert betweenness(TWO_PAIRS, 4).tolist() == [0, 0, 0, 0]
    assert path_length(PATH, 4).value == pytest.approx((3 + 2 * 2 + 3) / 6)
    assert path_length(NONE, 1).reason == "1 agents, at least 2 needed"
    assert efficiency(NONE, 0).reason == "0 agents, at least 2 needed"


def test_cores_by_hand() -> None:
    """A triangle with a tail of two."""
    edges = np.array([[0, 1], [1, 2], [2, 0], [2, 3], [3, 4]])
    assert core_numbers(edges, 6).tolist() == [2, 2, 2, 1, 1, 0]
    assert (k_core(edges, 6).value, k_core(edges, 6).n) == (2, 3)
    assert k_core(NONE, 0).value == 0


def test_assortativity_of_a_star_is_minus_one() -> None:
    assert degree_assortativity(STAR, 5).value == pytest.approx(-1)
    assert degree_assortativity(ring_lattice(5, 5), 5).reason == "all linked agents have the same degree"
    assert degree_assortativity(NONE, 5).reason == "no links"


def test_the_rich_club_by_hand() -> None:
    """Two hubs with three leaves each, linked or not."""
    leaves = [[0, 2], [0, 3], [0, 4], [1, 5], [1, 6], [1, 7]]
    assert rich_club(np.array(leaves), 8, fraction=0.25).value == 0
    linked = np.array([*leaves, [0, 1]])
    assert (rich_club(linked, 8, fraction=0.25).value, rich_club(linked, 8, fraction=0.25).n) == (1, 2)
    assert rich_club(linked, 8).n == 2  # the second hub has as many links as the first
    assert rich_club(STAR, 5).reason == "1 agent in the club, at least 2 needed"
    assert rich_club(NONE, 0).reason == "0 agent in the club, at least 2 needed"
    curve = rich_club_curve(linked, 8)
    assert curve["degree"].tolist() == [0, 1, 2, 3]
    assert curve["agents"].tolist() == [8, 2, 2, 2]
    assert curve["phi"] == pytest.approx([7 / 28, 1, 1, 1])
    assert rich_club_curve(NONE, 1)["phi"].tolist() == []


def test_a_ring_lattice_has_the_links_asked_for() -> None:
    for n, m in ((6, 6), (6, 9), (6, 15), (7, 21), (7, 10)):
        links = ring_lattice(n, m)
        assert len(undirected_links(links, n)) == len(links) == m
    assert clustering(ring_lattice(20, 40), 20).value == pytest.approx(0.5)


@settings(max_examples=25, deadline=None)
@given(n=st.integers(3, 14), p=st.floats(0, 1), seed=st.integers(0, 10**6))
def test_measures_are_those_of_networkx(n: int, p: float, seed: int) -> None:
    graph = nx.gnp_random_graph(n, p, seed=seed)
    edges = np.array(graph.edges, dtype=int).reshape(-1, 2)
    expected = nx.betweenness_centrality(graph)
    assert betweenness(edges, n) == pytest.approx([expected[agent] for agent in range(n)])
    assert efficiency(edges, n).value == pytest.approx(nx.global_efficiency(graph))
    assert clustering(edges, n).value == pytest.approx(nx.average_clustering(graph))
    connected = nx.is_connected(graph)
    assert path_length(edges, n).value == pytest.approx(nx.average_shortest_path_length(graph) if connected else np.inf)
    if np.ptp(link_counts(edges, n)[edges]) if len(edges) else 0:
        assert degree_assortativity(edges, n).value == pytest.approx(nx.degree_assortativity_coefficient(graph))
    curve = rich_club_curve(edges, n)
    if len(edges):
        phi = nx.rich_club_coefficient(graph, normalized=False)
        assert curve["phi"] == pytest.approx([phi[degree] for degree in curve["degree"]])
