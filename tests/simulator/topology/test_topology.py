from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology import Topology


def edges(topology):
    return list(zip(topology.sources.tolist(), topology.targets.tolist(), strict=True))


def test_edges_are_sorted_and_weights_follow():
    topology = Topology(3, [2, 0, 0], [1, 2, 1], weights=[0.2, 0.3, 0.1])
    assert edges(topology) == [(0, 1), (0, 2), (2, 1)]
    assert topology.weights.tolist() == [0.1, 0.3, 0.2]
    assert topology.first_edges.tolist() == [0, 2, 2, 3]
    assert topology.out_degrees.tolist() == [2, 0, 1]
    assert topology.in_degrees.tolist() == [0, 2, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, [], []), "n_agents: expected 1 … 100,000, got 0"),
        ((10**12, [], []), "n_agents: expected 1 … 100,000, got 1000000000000"),
        ((2, [0], [2]), "expected agents 0 … 1, got 2"),
        ((2, [0, 1], [0]), "as many sources as targets, got 2 and 1"),
        ((2, [0, 0], [1, 1]), "0 → 1 is there twice"),
        ((2, [1], [1]), "agent 1 is linked to itself"),
    ],
)
def test_unusable_edges_are_refused(arguments, message):
    with pytest.raises(TopologyError, match=message):
        Topology(*arguments)


@pytest.mark.parametrize("weight", [0.0, -1.0, np.inf, np.nan])
def test_weights_that_are_no_frequencies_are_refused(weight):
    with pytest.raises(TopologyError, match=f"weights: expected finite numbers above 0, got {weight}"):
        Topology(2, [0, 1], [1, 0], weights=[1.0, weight])


def test_messages_use_names():
    with pytest.raises(TopologyError, match="agent Anna is linked to itself"):
        Topology(2, [1], [1], names=("Bert", "Anna"))


def test_names_tell_agents_apart():
    with pytest.raises(TopologyError, match="names: expected every one once, got 'Anna' 2 times"):
        Topology(3, [1], [0], names=("Anna", "Bert", "Anna"))
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, {0: "Anna", 1: "Bert", 2: "Anna"}, "name")
    topology = Topology.from_networkx(graph)
    assert topology.names == ("0", "1", "2")
    assert topology.attributes == {"name": ("Anna", "Bert", "Anna")}


def test_from_pairs_links_both_ways_and_counts_a_pair_once():
    topology = Topology.from_pairs(3, [(0, 1), (1, 0), (2, 1)])
    assert edges(topology) == [(0, 1), (1, 0), (1, 2), (2, 1)]


def test_symmetry_needs_both_directions_and_equal_weights():
    assert Topology.from_pairs(3, [(0, 1), (1, 2)]).is_symmetric
    assert not Topology(3, [0, 1, 1], [1, 0, 2]).is_symmetric
    assert not Topology(3, [0, 1], [1, 2]).is_symmetric
    assert Topology(2, [0, 1], [1, 0], weights=[2, 2]).is_symmetric
    assert not Topology(2, [0, 1], [1, 0], weights=[2, 3]).is_symmetric


def test_a_directed_multigraph_keeps_its_direction_and_adds_its_weights():
    graph = nx.MultiDiGraph()
    graph.add_weighted_edges_from([("a", "b", 1.5), ("a", "b", 2.0), ("c", "a", 1.0)])
    topology = Topology.from_networkx(graph)
    assert edges(topology) == [(0, 1), (2, 0)]
    assert topology.weights.tolist() == [3.5, 1.0]
    assert topology.names == ("a", "b", "c")


def test_a_weight_that_is_no_number_is_refused():
    graph = nx.Graph([("a", "b", {"weight": "much"})])
    with pytest.raises(TopologyError, match="weight of edge 'a'–'b': expected a number, got 'much'"):
        Topology.from_networkx(graph)


def test_attributes_become_plain_values_and_gaps_none():
    graph = nx.path_graph(3)
    graph.nodes[1]["age"] = np.int64(7)
    topology = Topology.from_networkx(graph)
    assert topology.attributes == {"age": (None, 7, None)}
    assert type(topology.attributes["age"][1]) is int


def test_names_and_places_come_from_networkx_only_if_all_nodes_have_them():
    graph = nx.path_graph(2)
    graph.nodes[0].update(name="Anna", pos=(0, 1))
    topology = Topology.from_networkx(graph)
    assert topology.names == ("0", "1")
    assert topology.positions is None
    assert topology.attributes == {"name": ("Anna", None)}
    graph.nodes[1].update(name="Bert", pos=(2, 3))
    topology = Topology.from_networkx(graph)
    assert topology.names == ("Anna", "Bert")
    assert topology.positions.tolist() == [[0, 1], [2, 3]]
    assert topology.attributes == {}


def assert_same(one, other):
    assert edges(one) == edges(other)
    assert one.names == other.names
    assert one.attributes == other.attributes
    for before, after in [(one.weights, other.weights), (one.positions, other.positions)]:
        np.testing.assert_equal(before, after)


@st.composite
def topologies(draw):
    n = draw(st.integers(2, 7))
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    weights = draw(st.none() | st.lists(st.floats(0.1, 9), min_size=len(chosen), max_size=len(chosen)))
    places = draw(st.none() | st.lists(st.tuples(*[st.floats(-5, 5)] * 2), min_size=n, max_size=n))
    sources, targets = np.array(chosen).T
    return Topology(
        n, sources, targets, weights=weights, positions=places, names=[f"agent {i}" for i in range(n)],
        attributes={"club": tuple(draw(st.lists(st.sampled_from(["a", "b", None]), min_size=n, max_size=n)))},
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(topologies())
def test_networkx_and_back_is_the_same(topology):
    back = Topology.from_networkx(topology.to_networkx())
    if set(topology.attributes["club"]) == {None}:
        back = Topology(back.n_agents, back.sources, back.targets, weights=back.weights, positions=back.positions,
                        names=back.names, attributes=topology.attributes)  # fmt: skip
    assert_same(topology, back)


def test_with_edges_keeps_who_the_agents_are():
    topology = Topology(
        2, [0], [1], weights=[2.0], names=("a", "b"), positions=[[0, 0], [1, 1]], attributes={"x": (1, 2)}
    )
    other = topology.with_edges([1], [0])
    assert edges(other) == [(1, 0)]
    assert other.weights is None
    assert (other.names, other.attributes) == (topology.names, topology.attributes)
    assert other.positions.tolist() == topology.positions.tolist()


def test_a_topology_shows_itself_shortly() -> None:
    ring = Topology.from_pairs(4, np.array([[0, 1], [1, 2], [2, 3], [3, 0]]))
    assert repr(ring) == "<Topology: 4 agents, 4 links in both directions>"
    one_way = ring.with_edges(np.array([0]), np.array([1]))
    assert repr(one_way) == "<Topology: 4 agents, 1 link in one direction>"
    named = replace(ring, names=("<b>", "c", "d", "e"), attributes={"<i>": (1, 2, 3, 4)})
    assert "&lt;i&gt;" in named._repr_html_() and "<i>" not in named._repr_html_()
    assert "2 … 2 others, 2.00 on average" in ring._repr_html_()
