import networkx as nx
import numpy as np
import pytest
from packaging.version import Version

from hubbub.analysis.dialects.clusters import by_size
from hubbub.analysis.hubs import against_graph_nulls, graph_communities, modularity
from hubbub.simulator.errors import ConfigurationError

CLUB = nx.karate_club_graph()
EDGES = np.array(CLUB.edges)


def test_two_triangles_by_hand() -> None:
    edges = np.array([[0, 1], [1, 2], [2, 0], [3, 4], [4, 5], [5, 3], [2, 3]])
    labels = np.array([0, 0, 0, 1, 1, 1])
    assert graph_communities(edges, 6).tolist() == labels.tolist()
    assert modularity(edges, 6, labels).value == pytest.approx(6 / 7 - 2 * (7 / 14) ** 2)
    assert modularity(edges, 6).value == modularity(edges, 6, labels).value
    assert modularity(edges, 6, np.zeros(6)).value == pytest.approx(0)
    assert modularity(edges, 6).n == 7


def test_the_karate_club_is_as_modular_as_networkx_says() -> None:
    known = np.array([CLUB.nodes[agent]["club"] == "Officer" for agent in CLUB])
    groups = [set(np.flatnonzero(known == side).tolist()) for side in (False, True)]
    theirs = nx.community.modularity(CLUB, groups, weight=None)
    assert modularity(EDGES, 34, known).value == pytest.approx(theirs)
    assert modularity(EDGES, 34).value > 0.4
    found = against_graph_nulls(modularity, EDGES, 34, generator=np.random.default_rng(0), samples=20)
    assert min(found["erdos-renyi"].z_score, found["degree-preserving"].z_score) > 3


@pytest.mark.parametrize("seed", range(20))
def test_communities_of_small_graphs_are_those_of_networkx(seed: int) -> None:
    """Also where agents are equally well off in several communities, as on sparse graphs and trees.

    networkx 3.7 breaks such ties otherwise; what it finds is as modular.
    """
    rng = np.random.default_rng(seed)
    n_agents = int(rng.integers(5, 60))
    graph = nx.empty_graph(n_agents)
    graph.add_edges_from(sorted(nx.gnm_random_graph(n_agents, int(rng.integers(1, 2 * n_agents)), seed=seed).edges))
    theirs = np.empty(n_agents, dtype=int)
    for number, members in enumerate(nx.community.louvain_communities(graph, seed=0)):
        theirs[list(members)] = number
    edges = np.array(graph.edges)
    ours = graph_communities(edges, n_agents)
    if Version(nx.__version__).release[:2] == (3, 6):
        assert ours.tolist() == by_size(theirs).tolist()
    assert modularity(edges, n_agents, ours).value > modularity(edges, n_agents, theirs).value - 0.02


def test_directions_do_not_count_and_agents_without_links_are_alone() -> None:
    both = np.concatenate([EDGES, EDGES[:, ::-1]])
    assert modularity(both, 34).value == modularity(EDGES, 34).value
    labels = graph_communities(both, 36)
    assert (labels == labels[34]).sum() == (labels == labels[35]).sum() == 1
    assert modularity(both, 36, labels).value == pytest.approx(modularity(EDGES, 34, labels[:34]).value)


def test_the_undefined_and_the_wrong() -> None:
    assert modularity(np.empty((0, 2), int), 3).reason == "no links"
    with pytest.raises(ConfigurationError, match=r"labels: expected shape \(34,\), got \(3,\)"):
        modularity(EDGES, 34, np.arange(3))
