"""Placing blocks so that little crosses."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.simulator.cluster import place


def crossing(traffic: np.ndarray, living: np.ndarray) -> float:
    return float(traffic[living[:, None] != living[None, :]].sum())


def ring(n: int) -> np.ndarray:
    return nx.to_numpy_array(nx.cycle_graph(n))


@pytest.mark.parametrize("n_members", [1, 2, 3, 4, 8])
def test_a_ring_is_cut_into_arcs(n_members: int) -> None:
    living = place(ring(24), n_members)
    assert np.bincount(living).tolist() == [24 // n_members] * n_members
    assert crossing(ring(24), living) == (0 if n_members == 1 else 2 * n_members)


def test_groups_are_found_whatever_their_numbers() -> None:
    order = np.random.default_rng(0).permutation(16)
    groups = np.repeat([0, 1], 8)[order]
    traffic = np.where(groups[:, None] == groups[None, :], 5.0, 0.1)
    living = place(traffic, 2)
    assert crossing(traffic, living) == pytest.approx(0.1 * 2 * 8 * 8)


def test_traffic_one_way_counts_as_much_as_the_other() -> None:
    traffic = np.zeros((4, 4))
    traffic[0, 2] = traffic[3, 1] = 1.0
    living = place(traffic, 2)
    assert living[0] == living[2] != living[1] == living[3]


@settings(max_examples=40, deadline=None)
@given(n_blocks=st.integers(0, 30), n_members=st.integers(1, 9), seed=st.integers(0, 100))
def test_members_get_as_many_blocks_as_others_and_less_crosses_than_by_chance(
    n_blocks: int, n_members: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    traffic = rng.random((n_blocks, n_blocks)) * (rng.random((n_blocks, n_blocks)) < 0.3)
    before = traffic.copy()
    living = place(traffic, n_members)
    assert np.array_equal(traffic, before)
    assert np.array_equal(living, place(traffic, n_members))
    counts = np.bincount(living, minlength=n_members)
    assert counts.sum() == n_blocks and len(counts) == n_members
    assert counts.max() - counts.min() <= 2
    dealt = [crossing(traffic, rng.permutation(living)) for _ in range(20)]
    assert crossing(traffic, living) <= np.mean(dealt) + 1e-9
