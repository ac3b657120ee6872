"""The random generators against networkx, which makes one link at a time; compiled loops against plain ones."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.topology import topology
from hubbub.simulator.topology.drawing import distinct_numbers, pairs_of
from hubbub.simulator.topology.generators.configuration_model import _is_graphical
from hubbub.simulator.topology.loops import attach, compiled, realise, rewire, swap

DRAWS = 800
WATTS_STROGATZ = {"neighbours": 2, "rewiring_probability": 0.6}
WITHIN, BETWEEN = 0.7, 0.2
BLOCKS = [[WITHIN, BETWEEN], [BETWEEN, WITHIN]]


def graph_of(links) -> frozenset:
    return frozenset((min(pair), max(pair)) for pair in links)


def drawn(kind, *options, **named) -> Counter:
    rng = np.random.default_rng(0)
    made = (topology[kind](*options, **named, generator=rng) for _ in range(DRAWS))
    return Counter(graph_of(zip(one.sources.tolist(), one.targets.tolist(), strict=True)) for one in made)


def shares(graphs: Counter, statistic) -> Counter:
    total = Counter()
    for graph, times in graphs.items():
        for value in statistic(graph):
            total[value] += times / graphs.total()
    return total


def degrees(graph) -> list:
    return [("degree", k, n) for k, n in Counter(Counter(sum(graph, ())).values()).items()]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            lambda: drawn("watts-strogatz", 6, **WATTS_STROGATZ),
            lambda rng: nx.watts_strogatz_graph(6, 4, 0.6, seed=rng),
        ),
        (lambda: drawn("barabasi-albert", 7, links_per_agent=2), lambda rng: nx.barabasi_albert_graph(7, 2, seed=rng)),
        (lambda: drawn("random-regular", 7, degree=2), lambda rng: nx.random_regular_graph(2, 7, seed=rng)),
        (
            lambda: drawn("stochastic-block", [3, 4], WITHIN, BETWEEN),
            lambda rng: nx.stochastic_block_model([3, 4], BLOCKS, seed=rng),
        ),
        (lambda: drawn("erdos-renyi", 5, links=7), lambda rng: nx.gnm_random_graph(5, 7, seed=rng)),
    ],
)
def test_links_degrees_and_pairs_of_links_are_as_frequent_as_those_of_networkx(ours, theirs):
    rng = np.random.default_rng(1)
    expected = Counter(graph_of(theirs(rng).edges) for _ in range(DRAWS))
    found = ours()
    for statistic in (lambda graph: graph, degrees, lambda graph: combinations(sorted(graph), 2)):
        here, there = shares(found, statistic), shares(expected, statistic)
        for value in here | there:
            share = (here[value] + there[value]) / 2
            error = np.sqrt(2 * max(share * (1 - share), 0) / DRAWS) + 1e-9
            assert abs(here[value] - there[value]) < 5 * error, value


def test_the_configuration_model_draws_every_graph_with_given_degrees_equally_often():
    """Agents with two partners each: six have 60 rings of six and 10 couples of triangles."""
    counts = drawn("configuration-model", 6, exponent=1.0, minimum_degree=2, maximum_degree=2)
    assert len(counts) == 70
    assert max(abs(count - DRAWS / 70) for count in counts.values()) < 4.5 * np.sqrt(DRAWS / 70)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.floats(0, 1)), min_size=1, max_size=5), st.integers(0, 99))
def test_distinct_numbers_are_as_many_as_asked_for_in_every_population(asked, seed):
    populations = np.array([size for size, _ in asked])
    sizes = np.array([int(share * size) for size, share in asked])
    numbers = distinct_numbers(populations, sizes, np.random.default_rng(seed))
    assert (np.diff(numbers) > 0).all()
    ends = populations.cumsum()
    found = [((numbers >= end - size) & (numbers < end)).sum() for end, size in zip(ends, populations, strict=True)]
    assert found == sizes.tolist()


def test_distinct_numbers_favour_none():
    for size in (2, 4):  # fewer and more than half
        rng = np.random.default_rng(0)
        drawn = Counter(
            tuple(distinct_numbers(np.array([3, 5]), np.array([0, size]), rng).tolist()) for _ in range(DRAWS)
        )
        expected = DRAWS / (10 if size == 2 else 5)
        assert set(drawn) == set(combinations(range(3, 8), size))
        assert max(abs(count - expected) for count in drawn.values()) < 4 * np.sqrt(expected)


def test_every_number_stands_for_one_pair_also_a_large_one():
    assert pairs_of(np.arange(6)).tolist() == [[0, 1], [0, 2], [1, 2], [0, 3], [1, 3], [2, 3]]
    most = 100_000 * 99_999 // 2
    assert pairs_of(np.array([most - 1, most])).tolist() == [[99_998, 99_999], [0, 100_000]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=10))
def test_degrees_that_a_graph_can_have_are_known_and_realised(asked):
    wanted = np.array(asked)
    assert _is_graphical(wanted) == nx.is_graphical(asked)
    if _is_graphical(wanted):
        pairs = realised(realise, wanted)
        assert np.bincount(pairs.ravel(), minlength=len(wanted)).tolist() == asked
        assert len(graph_of(pairs.tolist())) == len(pairs)
        assert (pairs[:, 0] != pairs[:, 1]).all()


def realised(loop, wanted):
    order = np.argsort(-wanted, kind="stable")
    last = np.array([(wanted >= k).sum() - 1 for k in range(wanted.max() + 2)])
    pairs = np.empty((wanted.sum() // 2, 2), dtype=np.int64)
    loop(pairs, order, wanted[order], last)
    return pairs


def test_compiled_loops_do_what_plain_ones_do():
    rng = np.random.default_rng(0)

    def both(loop):
        made = compiled(loop, steps=10**6)
        assert made is not loop
        return loop, made

    ends = np.full(2 * 3 * 20, -1)
    ends[::2], ends[1:6:2] = np.repeat(np.arange(3, 23), 3), 0
    ends[:6:2] = 1, 2, 3
    draws = rng.random(30)
    grown = [ends.copy(), ends.copy()]
    slots = [loop(one, 7, 3, draws) for loop, one in zip(both(attach), grown, strict=True)]
    assert slots[0] == slots[1] < len(ends)  # all draws were used
    assert grown[0].tolist() == grown[1].tolist()

    ring = np.column_stack([np.arange(12), (np.arange(12) + 1) % 12])
    shaken = [ring.copy(), ring.copy()]
    moved, draws = np.arange(0, 12, 2), rng.random(20)
    done = [loop(one, moved, 0, 12, draws) for loop, one in zip(both(rewire), shaken, strict=True)]
    assert done == [6, 6]
    assert shaken[0].tolist() == shaken[1].tolist() != ring.tolist()

    wanted = np.array([4, 3, 3, 2, 2, 2, 1, 1])
    pairs = [realised(loop, wanted) for loop in both(realise)]
    assert pairs[0].tolist() == pairs[1].tolist()

    owners = np.array([0, 1, 2, 3, 4, 5])  # three links between six agents
    chosen, turned = rng.integers(3, size=(8, 2)), rng.random(8) < 0.5
    swapped = []
    for loop in both(swap):
        slots, neighbours = np.array([[0, 1], [2, 3], [4, 5]]), np.array([1, 0, 3, 2, 5, 4])
        loop(slots, neighbours, owners, np.arange(7), chosen, turned)
        assert all(neighbours[a] == b and neighbours[b] == a for a, b in slots.tolist())
        swapped.append(slots.tolist())
    assert swapped[0] == swapped[1] != [[0, 1], [2, 3], [4, 5]]
