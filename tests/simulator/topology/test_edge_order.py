"""Edges are ordered in linear time as a sort would order them."""

import numpy as np
import pytest

from hubbub.simulator.topology.edge_order import MANY, are_ordered, order_of


@pytest.mark.parametrize("doubles", [False, True])
@pytest.mark.parametrize("n_edges", [0, 1, 50, MANY + 7])
def test_the_order_is_that_of_a_sort(n_edges, doubles):
    generator = np.random.default_rng(n_edges)
    codes = generator.permutation(400 * 400)[:n_edges]
    if doubles and n_edges:
        codes[n_edges // 2 :] = codes[: n_edges - n_edges // 2]
    sources, targets = np.divmod(codes, 400)
    order = order_of(sources, targets, 400)
    assert np.array_equal(order, np.lexsort((targets, sources)))
    assert are_ordered(sources[order], targets[order])
    assert are_ordered(sources, targets) == (n_edges < 2)
