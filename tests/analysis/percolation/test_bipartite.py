from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.percolation import critical_probability, giant_component, giant_shares, random_bipartite_graph


def test_the_critical_point_and_the_shares_of_the_source() -> None:
    critical = critical_probability(900, 18000)
    assert critical == pytest.approx(2.485e-4, rel=1e-3)
    assert giant_shares(900, 18000, 1.5 * critical) == pytest.approx((0.790, 0.233), abs=1e-3)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 2000), st.integers(1, 2000), st.floats(0.2, 20))
def test_shares_solve_both_equations_and_are_the_limit_of_iterating_them(left: int, right: int, factor: float) -> None:
    p = min(1.0, factor * critical_probability(left, right))
    own, other = giant_shares(left, right, p)
    assert own == pytest.approx(1 - math.exp(-right * p * other), abs=1e-9)
    assert other == pytest.approx(1 - math.exp(-left * p * own), abs=1e-9)
    iterated = 1.0
    for _ in range(20000):
        iterated = 1 - math.exp(-right * p * (1 - math.exp(-left * p * iterated)))
    assert own == pytest.approx(iterated, abs=1e-3)


def test_there_is_no_giant_component_up_to_the_critical_point_and_all_far_above() -> None:
    assert giant_shares(100, 400, 0.99 / 200) == (0, 0)
    assert min(giant_shares(100, 400, 1.01 / 200)) > 0
    assert giant_shares(100, 400, 0.5) == pytest.approx((1, 1))


@pytest.mark.parametrize("factor", [0.5, 1.5, 3])
def test_sampled_graphs_have_the_shares_of_theory(factor: float) -> None:
    p = factor * critical_probability(900, 18000)
    generator = np.random.default_rng(1)
    seen = [giant_component(random_bipartite_graph(900, 18000, p, generator=generator), 900, 18000) for _ in range(20)]
    np.testing.assert_allclose(np.mean(seen, axis=0), giant_shares(900, 18000, p), atol=0.02)


def test_a_sampled_graph_has_each_edge_once_and_with_its_probability() -> None:
    edges = random_bipartite_graph(40, 70, 0.3, generator=np.random.default_rng(0))
    assert len(np.unique(edges, axis=0)) == len(edges)
    assert edges.min(0).tolist() == [0, 0]
    assert edges.max(0).tolist() == [39, 69]
    assert len(edges) == pytest.approx(0.3 * 40 * 70, rel=0.1)


def test_the_largest_component_of_a_graph_by_hand() -> None:
    edges = np.array([[0, 0], [1, 0], [1, 2], [3, 4]])
    assert giant_component(edges, 4, 5) == (0.5, 0.4)
    assert sum(giant_component(np.empty((0, 2), dtype=int), 4, 5)) == pytest.approx(0.25)
