from collections import Counter
from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from hubbub.analysis.hubs import (
    against_graph_nulls,
    betweenness_centralisation,
    clustering,
    degree_assortativity,
    degree_centralisation,
    degree_preserving,
    erdos_renyi,
    link_counts,
    path_length,
    rich_club,
    ring_lattice,
    small_world_omega,
    small_world_sigma,
    undirected_links,
)

KARATE = np.array(nx.karate_club_graph().edges)


def test_erdos_renyi_draws_every_graph_equally_often() -> None:
    rng = np.random.default_rng(0)
    drawn = Counter(str(undirected_links(erdos_renyi(4, 2, generator=rng), 4).tolist()) for _ in range(6000))
    assert len(drawn) == 15
    assert max(abs(count - 400) for count in drawn.values()) < 4 * np.sqrt(400)
    assert len(undirected_links(erdos_renyi(30, 435, generator=rng), 30)) == 435
    assert erdos_renyi(1, 0, generator=rng).shape == (0, 2)


def test_swaps_keep_degrees_and_reach_every_graph_equally_often() -> None:
    """All graphs with the degrees 2, 2, 1, 1, 1, 1, found by trying all sets of four links."""
    rng = np.random.default_rng(0)
    links = np.array([[0, 1], [0, 2], [1, 3], [4, 5]])
    degree = link_counts(links, 6)
    pairs = np.array([(a, b) for a in range(6) for b in range(a + 1, 6)])
    graphs = {
        str(pairs[list(chosen)].tolist())
        for chosen in combinations(range(15), 4)
        if (link_counts(pairs[list(chosen)], 6) == degree).all()
    }
    drawn = Counter(str(undirected_links(degree_preserving(links, 6, generator=rng), 6).tolist()) for _ in range(4000))
    assert set(drawn) == graphs
    expected = 4000 / len(graphs)
    assert max(abs(count - expected) for count in drawn.values()) < 4 * np.sqrt(expected)


def test_swaps_of_a_real_graph() -> None:
    swapped = degree_preserving(KARATE, 34, generator=np.random.default_rng(1))
    assert (link_counts(swapped, 34) == link_counts(KARATE, 34)).all()
    assert len(undirected_links(swapped, 34)) == 78
    kept = {tuple(link) for link in undirected_links(swapped, 34)} & {tuple(link) for link in KARATE}
    assert len(kept) < 45
    assert degree_preserving(KARATE[:1], 34, generator=np.random.default_rng(1)).tolist() == KARATE[:1].tolist()
    complete = np.array([(a, b) for a in range(4) for b in range(a)])
    assert len(undirected_links(degree_preserving(complete, 4, generator=np.random.default_rng(1)), 4)) == 6


def test_the_karate_club_against_both_nulls() -> None:
    def judge(measure: object) -> tuple[float, float]:
        found = against_graph_nulls(measure, KARATE, 34, generator=np.random.default_rng(0), samples=60)  # type: ignore[arg-type]
        assert list(found) == ["erdos-renyi", "degree-preserving"]
        assert all(one.null is not None and one.null.model == name for name, one in found.items())
        return found["erdos-renyi"].z_score, found["degree-preserving"].z_score

    erdos, preserving = judge(degree_centralisation)
    assert erdos > 5
    assert np.isnan(preserving)  # the degrees are the same, so there is nothing to compare
    assert min(judge(betweenness_centralisation)) > 3
    assert max(judge(degree_assortativity)) < -2
    assert min(judge(clustering)) > 3


def test_a_random_graph_does_not_stand_out() -> None:
    rng = np.random.default_rng(5)
    edges = erdos_renyi(40, 100, generator=rng)
    for measure in (degree_centralisation, clustering, path_length, rich_club):
        found = against_graph_nulls(measure, edges, 40, generator=rng, samples=60)
        assert abs(found["erdos-renyi"].z_score) < 3


def test_disconnected_graphs_against_nulls() -> None:
    edges = np.array([[0, 1], [2, 3]])
    found = against_graph_nulls(path_length, edges, 4, generator=np.random.default_rng(0), samples=20)["erdos-renyi"]
    assert found.value == np.inf
    assert found.reason == "4 of 6 pairs have no path; 20 of 20 null graphs left out: not finite"
    assert np.isnan(found.z_score)
    assert np.isnan(found.p_value)
    refused = against_graph_nulls(degree_centralisation, edges[:1], 2, generator=np.random.default_rng(0))
    assert {one.reason for one in refused.values()} == {"2 agents, at least 3 needed"}


def test_small_world_coefficients_know_lattice_small_world_and_random_graph() -> None:
    lattice = ring_lattice(60, 180)
    small = np.array(nx.connected_watts_strogatz_graph(60, 6, 0.1, seed=1).edges)
    chance = erdos_renyi(60, 180, generator=np.random.default_rng(2))
    omegas = [
        small_world_omega(e, 60, generator=np.random.default_rng(0), samples=15) for e in (lattice, small, chance)
    ]
    assert omegas[0].value < -0.4
    assert abs(omegas[1].value) < 0.4
    assert omegas[2].value > 0.6
    sigmas = [small_world_sigma(e, 60, generator=np.random.default_rng(0), samples=15).value for e in (small, chance)]
    assert sigmas[0] > 2.5
    assert sigmas[1] == pytest.approx(1, abs=0.4)


def test_small_world_coefficients_refuse_with_a_reason() -> None:
    rng = np.random.default_rng(0)
    for measure in (small_world_sigma, small_world_omega):
        apart = measure(np.array([[0, 1], [2, 3]]), 4, generator=rng, samples=5)
        assert np.isnan(apart.value)
        assert apart.reason == "4 of 6 pairs have no path"
    tree = np.array([[0, agent] for agent in range(1, 6)])
    assert "no" in small_world_sigma(tree, 6, generator=rng, samples=5).reason
    assert small_world_omega(tree, 6, generator=rng, samples=5).reason == "a ring lattice with 5 links has no triangle"
