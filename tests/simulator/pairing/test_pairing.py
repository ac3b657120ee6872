"""Who talks to whom: each rule against its definition."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from hubbub.simulator.pairing import Exchanges, pairing
from hubbub.simulator.pairing.exchanges import with_self_talk
from hubbub.simulator.topology import Topology

CLUB = Topology.from_networkx(nx.karate_club_graph())
PLAIN = CLUB.with_edges(CLUB.sources, CLUB.targets)


def draw(rule: str, topology: Topology, seed: int = 0) -> Exchanges:
    drawn: Exchanges = pairing.call(rule, {}, topology=topology, generator=np.random.default_rng(seed))
    return drawn


@pytest.mark.parametrize("rule", ["edge", "node", "matching", "all-links"])
@pytest.mark.parametrize("topology", [CLUB, PLAIN], ids=["weighted", "plain"])
def test_exchanges_follow_links_and_come_sorted(rule: str, topology: Topology) -> None:
    for seed in range(20):
        speakers, listeners = draw(rule, topology, seed)
        assert topology.adjacency()[speakers, listeners].all()
        assert (np.diff(speakers) >= 0).all()
        assert len(speakers)


def test_node_lets_everyone_speak_once() -> None:
    assert draw("node", PLAIN).speakers.tolist() == list(range(34))


def test_all_links_are_used_once() -> None:
    speakers, listeners = draw("all-links", CLUB)
    assert (speakers.tolist(), listeners.tolist()) == (CLUB.sources.tolist(), CLUB.targets.tolist())


def test_node_leaves_out_those_whom_nobody_hears() -> None:
    one_way = Topology(3, np.array([0, 0]), np.array([1, 2]))
    assert draw("node", one_way).speakers.tolist() == [0]


def test_edge_draws_as_many_links_as_agents_in_proportion_to_their_weights() -> None:
    two = Topology(4, np.array([0, 2]), np.array([1, 3]), weights=np.array([1.0, 3.0]))
    drawn = np.concatenate([draw("edge", two, seed).speakers for seed in range(500)])
    assert len(drawn) == 4 * 500
    assert abs((drawn == 2).mean() - 0.75) < 4 * (0.75 * 0.25 / 2000) ** 0.5


def test_node_chooses_hearers_in_proportion_to_their_weights() -> None:
    star = Topology(4, np.array([0, 0, 1]), np.array([2, 3, 0]), weights=np.array([1.0, 3.0, 5.0]))
    heard = [draw("node", star, seed) for seed in range(2000)]
    to_three = np.mean([pairs.listeners[pairs.speakers == 0][0] == 3 for pairs in heard])
    assert abs(to_three - 0.75) < 4 * (0.75 * 0.25 / 2000) ** 0.5


def test_heavy_links_elsewhere_do_not_touch_the_choice_between_light_ones() -> None:
    pairs = Topology(6, np.array([0, 1, 1, 1]), np.array([5, 2, 3, 4]), weights=np.array([1e16, 1.0, 1.0, 2.0]))
    heard = np.array([draw("node", pairs, seed).listeners[1] for seed in range(2000)])
    for listener, share in ((2, 0.25), (3, 0.25), (4, 0.5)):
        assert abs((heard == listener).mean() - share) < 4 * (share * (1 - share) / 2000) ** 0.5


@pytest.mark.parametrize("rule", ["edge", "node", "matching"])
@pytest.mark.parametrize("heavy", [1.7e308, 5e-324], ids=["largest", "smallest"])
def test_weights_at_the_ends_of_the_range_of_numbers_count_as_they_are(rule: str, heavy: float) -> None:
    """All alike, they draw as no weights would; beside 1, the heavier link always wins."""
    alike = PLAIN.with_edges(PLAIN.sources, PLAIN.targets, weights=np.full(PLAIN.n_edges, heavy))
    ones = PLAIN.with_edges(PLAIN.sources, PLAIN.targets, weights=np.ones(PLAIN.n_edges))
    two = Topology(3, np.array([0, 0]), np.array([1, 2]), weights=np.array([heavy, 1.0]))
    for seed in range(20):
        assert np.array_equal(draw(rule, alike, seed).listeners, draw(rule, ones, seed).listeners)
        assert (draw(rule, two, seed).listeners == (1 if heavy > 1 else 2)).all()


@pytest.mark.parametrize("rule", ["edge", "node", "matching"])
@pytest.mark.parametrize("weights", [None, np.empty(0)], ids=["plain", "weighted"])
def test_without_links_nobody_talks(rule: str, weights: np.ndarray | None) -> None:
    assert len(draw(rule, Topology(3, np.empty(0, np.int64), np.empty(0, np.int64), weights=weights)).speakers) == 0


@pytest.mark.parametrize("topology", [CLUB, PLAIN], ids=["weighted", "plain"])
def test_matching_is_the_one_that_going_through_the_links_in_order_gives(topology: Topology) -> None:
    for seed in range(20):
        speakers, listeners = draw("matching", topology, seed)
        keys = np.random.default_rng(seed).exponential(size=topology.n_edges)
        if topology.weights is not None:
            keys = keys / topology.weights
        taken: set[int] = set()
        expected = []
        for link in np.argsort(keys, kind="stable"):
            ends = {int(topology.sources[link]), int(topology.targets[link])}
            if not ends & taken:
                taken |= ends
                expected.append((int(topology.sources[link]), int(topology.targets[link])))
        assert list(zip(speakers.tolist(), listeners.tolist(), strict=True)) == sorted(expected)


def test_self_talk_replaces_listeners_with_its_probability() -> None:
    pairs = Exchanges(np.arange(20_000), np.full(20_000, -1))
    talked = with_self_talk(pairs, 0.2, np.random.default_rng(0))
    to_self = talked.listeners == talked.speakers
    assert abs(to_self.mean() - 0.2) < 4 * (0.2 * 0.8 / 20_000) ** 0.5
    assert (talked.listeners[~to_self] == -1).all()
