import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.configuration import Section, validate
from hubbub.simulator.errors import ConfigurationError, TopologyError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology, topology
from hubbub.simulator.topology.links import Links
from hubbub.simulator.topology.rewiring import Rewiring, changes, rewiring, scheduled_rule
from hubbub.simulator.topology.rewiring.result import rewired


def rng(seed=0):
    return np.random.default_rng(seed)


def edges(graph):
    return list(zip(graph.sources.tolist(), graph.targets.tolist(), strict=True))


@st.composite
def graphs(draw):
    """Graphs with one-way and mutual links, the weight of an edge telling where it was."""
    n = draw(st.integers(2, 9))
    pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
    sources, targets = np.array(draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))).T
    return Topology(n, sources, targets, weights=1 + np.arange(len(sources)))


def one_way_and_mutual(graph):
    adjacency = graph.adjacency()
    return np.sum(adjacency & ~adjacency.T), np.sum(adjacency & adjacency.T)


RULES = {
    "random-rewire": lambda graph, seed: rewiring["random-rewire"](graph, probability=0.7, generator=rng(seed)),
    "degree-preserving": lambda graph, seed: rewiring["degree-preserving"](graph, probability=0.9, generator=rng(seed)),
    "prefer-understood": lambda graph, seed: rewiring["prefer-understood"](
        graph, probability=0.8, generator=rng(seed), success=lambda: rng(7).random((graph.n_agents,) * 2)
    ),
}


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=40, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 99))
def test_every_rule_keeps_agents_links_and_weights(name, graph, seed):
    new = RULES[name](graph, seed)
    assert new.n_agents == graph.n_agents
    assert one_way_and_mutual(new) == one_way_and_mutual(graph)
    assert sorted(new.weights) == sorted(graph.weights)
    again = RULES[name](graph, seed)
    assert edges(again) == edges(new)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_moves_links_and_keeps_names(name):
    graph = Topology.from_networkx(topology["karate"]().to_networkx())
    new = RULES[name](graph, 1)
    assert edges(new) != edges(graph)
    assert new.is_symmetric
    assert (new.names, new.attributes) == (graph.names, graph.attributes)
    assert edges(graph) == edges(topology["karate"]())


@settings(max_examples=40, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 99))
def test_degree_preserving_keeps_degrees(graph, seed):
    new = RULES["degree-preserving"](graph, seed)
    np.testing.assert_array_equal(new.out_degrees, graph.out_degrees)
    np.testing.assert_array_equal(new.in_degrees, graph.in_degrees)


def test_degree_preserving_reaches_every_graph_alike():
    """The three perfect matchings of four agents are equally likely after many swaps."""
    counts = {}
    for seed in range(600):
        links = Links(Topology.from_pairs(4, [(0, 1), (2, 3)]))
        links.swap(np.zeros(6, dtype=int), rng(seed))
        partner = int(links.topology().targets[0])
        counts[partner] = counts.get(partner, 0) + 1
    assert sorted(counts) == [1, 2, 3]
    assert max(abs(count - 200) for count in counts.values()) < 4 * np.sqrt(600 * 2 / 9)


def test_random_rewire_moves_the_asked_share():
    ring = topology["ring"](400, neighbours=2)
    added, removed = changes(ring, rewiring["random-rewire"](ring, probability=0.25, generator=rng()))
    assert len(added) == len(removed)
    moved = len(removed) / ring.n_edges
    assert moved == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 800) + 0.01)
    still = rewiring["random-rewire"](ring, probability=0, generator=rng())
    assert edges(still) == edges(ring)


def test_random_rewire_keeps_the_speaker_of_a_one_way_link():
    graph = Topology(5, [0, 1], [1, 2])
    for seed in range(10):
        assert rewiring["random-rewire"](graph, probability=1, generator=rng(seed)).out_degrees.tolist() == [
            1,
            1,
            0,
            0,
            0,
        ]


def test_random_rewire_favours_no_target():
    graph = Topology(6, [0], [1])
    targets = [rewiring["random-rewire"](graph, probability=1, generator=rng(s)).targets[0] for s in range(400)]
    counts = np.bincount(targets, minlength=6)
    assert counts[:2].tolist() == [0, 0]
    assert np.abs(counts[2:] - 100).max() < 4 * np.sqrt(400 * 3 / 16)


def test_a_complete_graph_has_nowhere_to_go():
    complete = topology["complete"](4)
    for rule in RULES.values():
        assert edges(rule(complete, 0)) == edges(complete)


def test_prefer_understood_exchanges_the_worst_partner_for_the_best_stranger():
    graph = Topology(5, [1, 2], [0, 0])
    understood = np.zeros((5, 5))
    understood[:, 0] = [0, 0.5, 0.2, 0.9, 0.1]
    rule = rewiring["prefer-understood"]
    new = rule(graph, probability=1, generator=rng(), success=lambda: understood)
    assert edges(new) == [(1, 0), (3, 0)]
    understood[3, 0] = 0.2
    assert edges(rule(graph, probability=1, generator=rng(), success=lambda: understood)) == edges(graph)
    understood[3, 0] = 0.9
    assert edges(rule(graph, probability=0, generator=rng(), success=lambda: understood)) == edges(graph)


def test_prefer_understood_moves_a_mutual_link_as_a_whole():
    graph = Topology.from_pairs(3, [(0, 1)])
    understood = np.array([[0, 0, 0], [0, 0, 0], [1, 0, 0]])
    new = rewiring["prefer-understood"](graph, probability=1, generator=rng(), success=lambda: understood)
    assert edges(new) == [(0, 2), (2, 0)]


def test_prefer_understood_breaks_ties_at_random():
    graph = Topology(5, [1], [0])
    understood = np.ones((5, 5))
    understood[1, 0] = 0
    chosen = {
        int(
            rewiring["prefer-understood"](graph, probability=1, generator=rng(s), success=lambda: understood).sources[0]
        )
        for s in range(40)
    }
    assert chosen == {2, 3, 4}


def test_links_turn_with_their_weights():
    links = Links(Topology(4, [0, 1, 2, 3], [1, 0, 3, 2], weights=[1, 2, 3, 4]))
    links._turn(1)
    links.move(1, 0, 0)
    new = links.topology()
    assert dict(zip(edges(new), new.weights.tolist(), strict=True)) == {(0, 1): 1, (1, 0): 2, (0, 2): 4, (2, 0): 3}


def test_changes():
    old, new = Topology(4, [0, 1, 2], [1, 2, 3]), Topology(4, [0, 3, 2], [1, 1, 0])
    added, removed = changes(old, new)
    assert added.tolist() == [[2, 0], [3, 1]]
    assert removed.tolist() == [[1, 2], [2, 3]]
    assert [part.shape for part in changes(old, old)] == [(0, 2), (0, 2)]


def rules(*sections):
    model = type("Configuration", (Section,), {"__annotations__": {"rewiring": list[scheduled_rule()]}})
    return Rewiring(validate(model, {"rewiring": list(sections)}).rewiring)


SHAKE = {"kind": "random-rewire", "probability": 1}


def due(**when):
    schedule = rules({"rule": SHAKE, **when})
    return [step for step in range(13) if schedule.due(step)]


def test_when_a_rule_is_due():
    assert due(every=4) == [4, 8, 12]
    assert due(every=4, start=5) == [8, 12]
    assert due(every=4, until=8) == [4, 8]
    assert due(every=4, start=4, until=4) == [4]
    assert due(every=5, start=6, until=10) == [10]
    assert due(at=[3, 11]) == [3, 11]
    assert due(at=[3, 11], start=4) == [11]
    assert not rules().due(5)


def test_rules_apply_when_due_and_draw_at_their_own_address():
    ring = topology["ring"](30)
    success = pytest.fail
    schedule = rules(
        {"every": 2, "rule": SHAKE}, {"at": [3, 4], "rule": {"kind": "degree-preserving", "probability": 1}}
    )
    assert schedule.apply(ring, RandomStreams(5), success=success, step=1) is ring
    second = schedule.apply(ring, RandomStreams(5), success=success, step=3)
    assert edges(second) == edges(
        rewiring["degree-preserving"](ring, probability=1, generator=RandomStreams(5).at("rewiring", 3, 1))
    )
    both = schedule.apply(ring, RandomStreams(5), success=success, step=4)
    shaken = rewiring["random-rewire"](ring, probability=1, generator=RandomStreams(5).at("rewiring", 4, 0))
    swapped = rewiring["degree-preserving"](shaken, probability=1, generator=RandomStreams(5).at("rewiring", 4, 1))
    assert edges(both) == edges(swapped)


def test_success_is_asked_for_by_rules_that_want_it():
    ring = topology["ring"](5)
    understood = np.ones((5, 5)) - np.eye(5) * 0.5
    understood[[0, 4], [1, 0]] = 0
    schedule = rules({"at": [1], "rule": {"kind": "prefer-understood", "probability": 1}})
    assert edges(schedule.apply(ring, RandomStreams(0), success=lambda: understood, step=1)) != edges(ring)


def test_users_rules(monkeypatch):
    assert "random-rewire" in rewiring
    monkeypatch.setattr(rewiring, "_entries", dict(rewiring._entries))

    @rewiring("turn-round")
    def turn_round(topology, step):
        return topology.with_edges(topology.targets, topology.sources) if step < 5 else None

    schedule = rules({"every": 1, "rule": {"kind": "turn-round"}})
    graph = Topology(3, [0], [1])
    assert edges(schedule.apply(graph, RandomStreams(0), success=pytest.fail, step=2)) == [(1, 0)]
    with pytest.raises(
        TopologyError, match=r"rewiring 'turn-round': expected a Topology, a networkx graph or .*, got None"
    ):
        schedule.apply(graph, RandomStreams(0), success=pytest.fail, step=7)


BEFORE = Topology(3, [0], [1], names=("ann", "bob", "cas"), positions=np.eye(3), attributes={"age": (7, 8, 9)})


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (nx.DiGraph([(2, 0), (0, 1)]), [(0, 1), (2, 0)]),
        (nx.Graph([(2, 0)]), [(0, 2), (2, 0)]),
        (nx.DiGraph([("cas", "ann"), ("ann", "bob")]), [(0, 1), (2, 0)]),
        ([(2, 1)], [(1, 2), (2, 1)]),
        (nx.empty_graph(3), []),
        (BEFORE.to_networkx().reverse(), [(1, 0)]),
    ],
)
def test_a_rule_may_return_a_graph_of_the_same_agents(monkeypatch, made, expected):
    """In any order of its nodes; the agents keep their numbers, names, positions and attributes."""
    assert "random-rewire" in rewiring
    monkeypatch.setattr(rewiring, "_entries", {**rewiring._entries, "own": lambda topology: made})
    schedule = rules({"every": 1, "rule": {"kind": "own"}})
    after = schedule.apply(BEFORE, RandomStreams(0), success=pytest.fail, step=1)
    assert edges(after) == expected
    assert (after.names, after.attributes) == (BEFORE.names, BEFORE.attributes)
    assert np.array_equal(after.positions, BEFORE.positions)


def test_weights_of_a_graph_that_a_rule_returns_are_kept():
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([(2, 1, 0.5), (0, 1, 4.0)])
    assert rewired(BEFORE, graph).weights.tolist() == [4.0, 0.5]


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (nx.Graph([(0, 3)]), "numbers of agents, 0 … 2, or their names, got 3"),
        (nx.Graph([("ann", "dan")]), "or their names, got 'dan'"),
        (Topology(4, [0], [1]), "expected a graph of the same 3 agents, got 4"),
        ([(0, 3)], "edges: expected agents 0 … 2, got 3"),
    ],
)
def test_a_graph_of_other_agents_is_refused(made, message):
    with pytest.raises(TopologyError, match=message):
        rewired(BEFORE, made)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"rule": SHAKE}, "rewiring.0: expected either `every` or `at`"),
        ({"rule": SHAKE, "every": 2, "at": [3]}, "rewiring.0: expected either `every` or `at`"),
        ({"rule": SHAKE, "at": []}, r"rewiring.0: expected at least one step at which .* got none with .*at=\[\]"),
        ({"rule": SHAKE, "every": 5, "until": 3}, "got none with every=5, at=None, start=0, until=3"),
        ({"rule": SHAKE, "every": 5, "start": 6, "until": 9}, "got none with every=5"),
        ({"rule": SHAKE, "at": [3, 9], "start": 4, "until": 8}, r"got none with every=None, at=\[3, 9\]"),
        ({"rule": SHAKE, "every": 0}, "rewiring.0.every: expected greater than or equal to 1, got 0"),
        ({"rule": SHAKE, "at": [0]}, "rewiring.0.at.0: expected greater than or equal to 1, got 0"),
        ({"rule": SHAKE, "evry": 2}, "rewiring.0.evry: .*did you mean 'every'"),
        ({"rule": {"kind": "random-rewir"}, "every": 2}, "rewiring.0.rule.kind: .*did you mean 'random-rewire'"),
        (
            {"rule": {**SHAKE, "probability": 2}, "every": 2},
            "rewiring.0.rule.probability: expected less than or equal to 1",
        ),
        ({"rule": {**SHAKE, "probabilty": 2}, "every": 2}, "did you mean 'probability'"),
    ],
)
def test_the_configuration_refuses_wrong_schedules(section, message):
    with pytest.raises(ConfigurationError, match=message):
        rules(section)


def test_groups_meet_along_new_links_and_lose_none() -> None:
    pools = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(3))
    nx.set_node_attributes(pools, {node: "big" if node < 4 else "small" for node in pools}, "block")
    before = Topology.from_networkx(pools)
    after = rewiring.call("contact", {"links": 5}, topology=before, generator=np.random.default_rng(0))
    added, removed = changes(before, after)
    assert len(removed) == 0
    assert len(added) == 10
    assert all((source < 4) != (target < 4) for source, target in added)
    assert {(target, source) for source, target in added.tolist()} == set(map(tuple, added.tolist()))
    everyone = rewiring.call("contact", {"links": 99}, topology=before, generator=np.random.default_rng(0))
    assert everyone.n_edges == before.n_edges + 2 * 12
    with pytest.raises(TopologyError, match=r"attribute: expected one of .*block.*got 'blok'; did you mean 'block'"):
        rewiring.call("contact", {"links": 1, "attribute": "blok"}, topology=before, generator=np.random.default_rng(0))
