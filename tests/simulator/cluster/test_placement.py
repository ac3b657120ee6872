"""Placing blocks so that there is little traffic between members."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.cluster import place


def crossing(traffic: np.ndarray, ranks: np.ndarray) -> float:
    return float(traffic[ranks[:, None] != ranks[None, :]].sum())


def ring(n: int) -> np.ndarray:
    return nx.to_numpy_array(nx.cycle_graph(n))


@pytest.mark.parametrize("n_members", [1, 2, 3, 4, 8])
def test_a_ring_is_cut_into_arcs(n_members: int) -> None:
    ranks = place(ring(24), n_members)
    assert np.bincount(ranks).tolist() == [24 // n_members] * n_members
    assert crossing(ring(24), ranks) == (0 if n_members == 1 else 2 * n_members)


def test_groups_are_found_whatever_their_numbers() -> None:
    order = np.random.default_rng(0).permutation(16)
    groups = np.repeat([0, 1], 8)[order]
    traffic = np.where(groups[:, None] == groups[None, :], 5.0, 0.1)
    ranks = place(traffic, 2)
    assert crossing(traffic, ranks) == pytest.approx(0.1 * 2 * 8 * 8)


def test_traffic_one_way_counts_as_much_as_the_other() -> None:
    traffic = np.zeros((4, 4))
    traffic[0, 2] = traffic[3, 1] = 1.0
    ranks = place(traffic, 2)
    assert ranks[0] == ranks[2] != ranks[1] == ranks[3]


@settings(max_examples=40, deadline=None)
@given(n_blocks=st.integers(0, 30), n_members=st.integers(1, 9), seed=st.integers(0, 100))
def test_members_get_as_many_blocks_as_others_and_less_crosses_than_by_chance(
    n_blocks: int, n_members: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    traffic = generator.random((n_blocks, n_blocks)) * (generator.random((n_blocks, n_blocks)) < 0.3)
    before = traffic.copy()
    ranks = place(traffic, n_members)
    assert np.array_equal(traffic, before)
    assert np.array_equal(ranks, place(traffic, n_members))
    counts = np.bincount(ranks, minlength=n_members)
    assert counts.sum() == n_blocks and len(counts) == n_members
    assert counts.max() - counts.min() <= 2
    at_random = [crossing(traffic, generator.permutation(ranks)) for _ in range(20)]
    assert crossing(traffic, ranks) <= np.mean(at_random) + 1e-9
