import functools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.configuration import Section, choice, validate
from hubbub.simulator.errors import ConfigurationError, TopologyError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import build_topology, topology

MINIMAL = {
    "complete": {"n_agents": 4},
    "ring": {"n_agents": 6},
    "torus": {"width": 3, "height": 4},
    "star": {"n_agents": 5},
    "two-hubs": {"n_agents": 5},
    "erdos-renyi": {"n_agents": 8, "links": 10},
    "random-regular": {"n_agents": 8, "degree": 3},
    "watts-strogatz": {"n_agents": 10, "neighbours": 2, "rewiring_probability": 0.3},
    "barabasi-albert": {"n_agents": 10, "links_per_agent": 2},
    "stochastic-block": {"sizes": [4, 5], "within": 0.9, "between": 0.3},
    "configuration-model": {"n_agents": 20, "exponent": 2.5},
    "chain-of-pools": {"pools": 3, "pool_size": 4},
    "caveman": {"caves": 3, "cave_size": 4, "bridges": 5},
    "random-geometric": {"n_agents": 12, "radius": 0.4},
    "karate": {},
    "les-miserables": {},
    "southern-women": {},
    "florentine": {},
}
RANDOM = [
    "erdos-renyi",
    "random-regular",
    "watts-strogatz",
    "barabasi-albert",
    "stochastic-block",
    "configuration-model",
    "chain-of-pools",
    "caveman",
    "random-geometric",
]


@functools.cache
def configuration():
    return type("Configuration", (Section,), {"__annotations__": {"topology": choice(topology)}})


def build(kind, seed=1, **options):
    section = validate(configuration(), {"topology": {"kind": kind, **options}}).topology
    return build_topology(section, RandomStreams(seed))


def links(graph):
    return [pair for pair in zip(graph.sources.tolist(), graph.targets.tolist(), strict=True) if pair[0] < pair[1]]


def test_every_generator_is_tried_here():
    ours = {name for name in topology if topology[name].__module__.startswith("hubbub.simulator.")}
    assert ours == set(MINIMAL) | {"file"}


@pytest.mark.parametrize("kind", MINIMAL)
def test_every_generator_gives_an_undirected_graph(kind):
    graph = build(kind, **MINIMAL[kind])
    assert graph.is_symmetric
    assert graph.n_edges == 2 * len(links(graph)) > 0
    if "n_agents" in MINIMAL[kind]:
        assert graph.n_agents == MINIMAL[kind]["n_agents"]


@pytest.mark.parametrize("kind", RANDOM)
def test_the_same_seed_gives_the_same_graph_and_another_seed_another(kind):
    first, again, other = (links(build(kind, seed, **MINIMAL[kind])) for seed in (1, 1, 2))
    assert first == again != other


def test_complete():
    assert links(build("complete", n_agents=4)) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def test_ring():
    ring = build("ring", n_agents=5)
    assert links(ring) == [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)]
    np.testing.assert_allclose(ring.positions[:2], [[1, 0], [np.cos(0.4 * np.pi), np.sin(0.4 * np.pi)]])
    assert set(build("ring", n_agents=9, neighbours=3).out_degrees) == {6}
    assert links(build("ring", n_agents=2)) == [(0, 1)]
    assert links(build("ring", n_agents=4, neighbours=2)) == links(build("complete", n_agents=4))


def test_torus():
    torus = build("torus", width=3, height=4)
    assert torus.n_agents == 12
    assert set(torus.out_degrees) == {4}
    assert torus.targets[torus.sources == 0].tolist() == [1, 2, 3, 9]
    assert torus.positions[5].tolist() == [2, 1]
    assert links(build("torus", width=2, height=2)) == [(0, 1), (0, 2), (1, 3), (2, 3)]


@pytest.mark.parametrize("n_agents", [2, 3, 6, 7, 30])
def test_rings_and_tori_of_any_size_are_those_of_networkx(n_agents):
    for neighbours in range(1, n_agents // 2 + 1):
        theirs = nx.circulant_graph(n_agents, range(1, neighbours + 1))
        assert links(build("ring", n_agents=n_agents, neighbours=neighbours)) == sorted(
            tuple(sorted(pair)) for pair in theirs.edges
        )
    for width in (2, 3, 5):
        numbers = {place: place[0] * width + place[1] for place in np.ndindex(n_agents, width)}
        grid = nx.relabel_nodes(nx.grid_2d_graph(n_agents, width, periodic=True), numbers)
        expected = sorted(tuple(sorted(pair)) for pair in grid.edges if pair[0] != pair[1])
        assert links(build("torus", width=width, height=n_agents)) == expected


def test_hubs():
    star = build("star", n_agents=4)
    assert links(star) == [(0, 1), (0, 2), (0, 3)]
    assert star.positions[0].tolist() == [0, 0]
    two = build("two-hubs", n_agents=5)
    assert links(two) == [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4)]


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 12), st.data())
def test_erdos_renyi_has_exactly_its_links(n_agents, data):
    number = data.draw(st.integers(1, n_agents * (n_agents - 1) // 2))
    graph = build("erdos-renyi", n_agents=n_agents, links=number)
    assert len(links(graph)) == number


def test_erdos_renyi_favours_no_pair():
    counts = np.zeros((5, 5))
    for seed in range(600):
        counts += topology["erdos-renyi"](5, links=3, generator=RandomStreams(seed).at("topology")).adjacency()
    expected, spread = 600 * 3 / 10, np.sqrt(600 * 0.3 * 0.7)
    assert np.abs(counts[np.triu_indices(5, 1)] - expected).max() < 4 * spread


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 11))
def test_random_regular_is_regular_also_where_it_is_dense(degree):
    graph = build("random-regular", n_agents=12, degree=degree)
    assert set(graph.out_degrees) == {degree}


def test_random_regular_is_at_once_there_where_almost_all_are_linked():
    graph = topology["random-regular"](100, degree=90, generator=RandomStreams(0).at("topology"))
    assert set(graph.out_degrees) == {90}


def test_watts_strogatz_starts_from_the_ring_and_keeps_its_links():
    still = build("watts-strogatz", n_agents=12, neighbours=2, rewiring_probability=0)
    ring = build("ring", n_agents=12, neighbours=2)
    assert links(still) == links(ring)
    np.testing.assert_array_equal(still.positions, ring.positions)
    shaken = build("watts-strogatz", n_agents=12, neighbours=2, rewiring_probability=1)
    assert len(links(shaken)) == 24
    assert links(shaken) != links(ring)


def test_barabasi_albert_grows_hubs():
    graph = build("barabasi-albert", n_agents=300, links_per_agent=2)
    assert len(links(graph)) == 2 * 298
    assert graph.out_degrees.max() > 20


def test_blocks_are_dense_inside():
    graph = build("stochastic-block", sizes=[2, 3], within=1, between=0)
    assert links(graph) == [(0, 1), (2, 3), (2, 4), (3, 4)]
    assert graph.attributes == {"block": (0, 0, 1, 1, 1)}
    large = build("stochastic-block", sizes=[60, 60], within=0.5, between=0.1)
    adjacency = large.adjacency()
    assert adjacency[:60, 60:].mean() == pytest.approx(0.1, abs=4 * np.sqrt(0.09 / 3600))
    assert adjacency[:60, :60].sum() / (60 * 59) == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / 1770))


def test_only_neighbouring_pools_are_in_contact():
    graph = build("chain-of-pools", pools=3, pool_size=10)
    adjacency = graph.adjacency()
    assert adjacency[:10, :10].sum() == 90
    assert adjacency[:10, 20:].sum() == 0
    assert 0.05 < adjacency[:10, 10:20].mean() < 0.4
    assert graph.attributes["block"] == (0,) * 10 + (1,) * 10 + (2,) * 10


@pytest.mark.parametrize(("caves", "size"), [(2, 2), (2, 12), (4, 6), (3, 2)])
def test_bridges_of_caves_take_the_place_of_links_inside(caves, size):
    cave = np.repeat(np.arange(caves), size)
    n_links = caves * size * (size - 1) // 2
    for bridges in {0, 1, caves, n_links}:
        graph = build("caveman", caves=caves, cave_size=size, bridges=bridges)
        ends = cave[np.array(links(graph))]
        across = ends[ends[:, 0] != ends[:, 1]]
        assert (len(ends), len(across)) == (n_links, bridges)
        ring = {tuple(sorted((one, (one + 1) % caves))) for one in range(min(caves, bridges))}
        assert ring <= {tuple(pair) for pair in np.sort(across).tolist()}
    assert graph.attributes["block"] == tuple(cave.tolist())


def test_configuration_model_has_the_degrees_it_drew():
    graph = build("configuration-model", n_agents=2000, exponent=2.5, minimum_degree=2)
    degrees = graph.out_degrees
    values = np.arange(2, 2000)
    chances = values**-2.5 / (values**-2.5).sum()
    for degree in (2, 3, 4):
        share = chances[degree - 2]
        assert np.mean(degrees == degree) == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 2000))
    assert degrees.max() > 30


def test_configuration_model_does_not_sort_hubs_together():
    options = {"n_agents": 400, "exponent": 2.5, "minimum_degree": 2, "maximum_degree": 12}
    graph = build("configuration-model", **options)
    assert graph.out_degrees.min() == 2
    assert graph.out_degrees.max() <= 12
    ordered = nx.havel_hakimi_graph(graph.out_degrees.tolist())
    assert nx.degree_assortativity_coefficient(ordered) > 0.4
    assert abs(nx.degree_assortativity_coefficient(graph.to_networkx().to_undirected())) < 0.15


def test_karate_keeps_its_factions_and_weights():
    karate = build("karate")
    assert (karate.n_agents, len(links(karate))) == (34, 78)
    assert karate.attributes["club"][0] == "Mr. Hi"
    assert karate.attributes["club"].count("Officer") == 17
    assert karate.weights.max() == 7
    assert build("karate", weighted=False).weights is None


def test_the_other_real_graphs_keep_their_names():
    novel = build("les-miserables")
    assert (novel.n_agents, len(links(novel)), "Valjean" in novel.names) == (77, 254, True)
    women = build("southern-women")
    assert (women.n_agents, len(links(women))) == (32, 89)
    assert women.attributes["bipartite"] == (0,) * 18 + (1,) * 14
    assert women.names[0] == "Evelyn Jefferson"
    families = build("florentine")
    assert (families.n_agents, len(links(families)), "Medici" in families.names) == (15, 20, True)


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("ring", {"n_agents": 6, "neighbours": 4}, r"neighbours: expected at most half the ring \(3\), got 4"),
        ("erdos-renyi", {"n_agents": 4, "links": 7}, "links: expected at most all 6 pairs of 4 agents, got 7"),
        ("random-regular", {"n_agents": 5, "degree": 3}, "degree: expected an even product"),
        ("random-regular", {"n_agents": 4, "degree": 4}, r"degree: expected less than n_agents \(4\), got 4"),
        ("watts-strogatz", {"n_agents": 6, "neighbours": 3, "rewiring_probability": 0}, "neighbours: expected less"),
        ("barabasi-albert", {"n_agents": 3, "links_per_agent": 3}, "links_per_agent: expected less than n_agents"),
        (
            "configuration-model",
            {"n_agents": 5, "exponent": 2, "minimum_degree": 5},
            "minimum_degree: expected at most 4",
        ),
        ("configuration-model", {"n_agents": 5, "exponent": 2, "maximum_degree": 5}, "maximum_degree: expected less"),
        (
            "configuration-model",
            {"n_agents": 5, "exponent": 2, "minimum_degree": 3, "maximum_degree": 3},
            "no simple graph of 5 agents was found",
        ),
        ("stochastic-block", {"sizes": [2, 2], "within": 0, "between": 0}, "expected at least one link, got 4 agents"),
        ("complete", {"n_agents": 2001}, "topology: expected at most 4,000,000 edges, got 4,002,000"),
        ("erdos-renyi", {"n_agents": 10**5, "links": 2 * 10**6 + 1}, "at most 4,000,000 edges, got 4,000,002"),
        ("random-regular", {"n_agents": 10**5, "degree": 50}, "at most 4,000,000 edges, got 5,000,000"),
        ("ring", {"n_agents": 10**5, "neighbours": 30}, "at most 4,000,000 edges, got 6,000,000"),
        (
            "watts-strogatz",
            {"n_agents": 10**5, "neighbours": 30, "rewiring_probability": 0},
            "at most 4,000,000 edges, got 6,000,000",
        ),
        ("barabasi-albert", {"n_agents": 10**5, "links_per_agent": 30}, "at most 4,000,000 edges, got 5,998,200"),
        ("torus", {"width": 10**9, "height": 2}, "at most 100,000 agents, got 2,000,000,000"),
        ("stochastic-block", {"sizes": [10**12], "within": 0, "between": 0}, "at most 100,000 agents"),
        ("stochastic-block", {"sizes": [4000], "within": 0.5, "between": 0}, "4,000,000 edges, got 8,000,000"),
        ("chain-of-pools", {"pools": 1000, "pool_size": 101}, "at most 100,000 agents, got 101,000"),
        ("caveman", {"caves": 1000, "cave_size": 101, "bridges": 0}, "at most 100,000 agents, got 101,000"),
        ("caveman", {"caves": 3, "cave_size": 4, "bridges": 19}, "at most 18, the number of links, got 19"),
        (
            "configuration-model",
            {"n_agents": 10**4, "exponent": 1, "minimum_degree": 402, "maximum_degree": 402},
            "at most 4,000,000 edges, got 4,020,000",
        ),
    ],
)
def test_options_that_do_not_fit_together_are_refused(kind, options, message):
    with pytest.raises(TopologyError, match=message):
        build(kind, **options)


@pytest.mark.parametrize(
    ("kind", "options", "message"),
    [
        ("ring", {"n_agents": 1}, "topology.n_agents: expected greater than or equal to 2, got 1"),
        ("ring", {"n_agents": 10**12}, "topology.n_agents: expected less than or equal to 100000, got 1000000000000"),
        ("two-hubs", {"n_agents": 10**12}, "topology.n_agents: expected less than or equal to 100000"),
        (
            "configuration-model",
            {"n_agents": 10**6, "exponent": 2},
            "topology.n_agents: .* less than or equal to 100000",
        ),
        ("chain-of-pools", {"pools": 10**4, "pool_size": 2}, "topology.pools: expected less than or equal to 1000"),
        ("ring", {"n_agents": 5, "neighbors": 2}, "did you mean 'neighbours'"),
        ("rings", {"n_agents": 5}, "did you mean 'ring'"),
        ("watts-strogatz", {"n_agents": 9, "neighbours": 1, "rewiring_probability": 1.5}, "less than or equal to 1"),
        ("stochastic-block", {"sizes": [3, 0], "within": 1, "between": 0}, "topology.sizes.1: expected greater than"),
        ("torus", {"width": 1, "height": 5}, "topology.width: expected greater than or equal to 2, got 1"),
        ("erdos-renyi", {"n_agents": 5}, "topology.links: expected a value"),
    ],
)
def test_the_configuration_refuses_wrong_options(kind, options, message):
    with pytest.raises(ConfigurationError, match=message):
        build(kind, **options)


def test_random_geometric_links_those_nearby():
    graph = build("random-geometric", n_agents=40, radius=0.3)
    assert graph.positions.min() >= 0 and graph.positions.max() <= 1
    apart = np.linalg.norm(graph.positions[:, None] - graph.positions, axis=2)
    near = (apart <= 0.3) & ~np.eye(40, dtype=bool)
    assert np.array_equal(graph.adjacency(), near)
