"""The giant component of a random bipartite graph (Newman, Strogatz & Watts 2001), in theory and in a sample."""

from __future__ import annotations

import math

import numpy as np

NEWTON_STEPS = 100


def critical_probability(n_left: int, n_right: int) -> float:
    """Return the probability of an edge above which a giant component is expected: 1/√(n_left · n_right)."""
    return 1 / math.sqrt(n_left * n_right)


def giant_shares(n_left: int, n_right: int, probability: float) -> tuple[float, float]:
    """Return the expected shares of left and of right nodes in the giant component, (0, 0) up to the critical point.

    They solve S_left = 1 − exp(−n_right p S_right) and S_right = 1 − exp(−n_left p S_left), in the limit of many
    nodes.
    """
    to_left, to_right = n_right * probability, n_left * probability
    if to_left * to_right <= 1:
        return 0.0, 0.0
    share = 1.0  # the right side less the left is concave in it, so that Newton's method comes down to the larger root
    for _ in range(NEWTON_STEPS):
        right = 1 - math.exp(-to_right * share)
        rest = 1 - math.exp(-to_left * right) - share
        slope = to_left * math.exp(-to_left * right) * to_right * math.exp(-to_right * share) - 1
        share -= rest / slope
    return share, 1 - math.exp(-to_right * share)


def random_bipartite_graph(
    n_left: int, n_right: int, probability: float, *, generator: np.random.Generator
) -> np.ndarray:
    """Return the edges `[E, 2]`, left and right node, of a graph in which each is there with `probability`."""
    pairs = n_left * n_right
    chosen = generator.choice(pairs, generator.binomial(pairs, probability), replace=False, shuffle=False)
    return np.column_stack(np.divmod(chosen, n_right))


def giant_component(edges: np.ndarray, n_left: int, n_right: int) -> tuple[float, float]:
    """Return the shares of left and of right nodes in the largest component of a bipartite graph `[E, 2]`.

    Costs O(E + nodes).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = np.asarray(edges, dtype=np.int64).reshape(-1, 2).T
    nodes = n_left + n_right
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, n_left + right)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    inside = component == np.bincount(component).argmax()
    return float(inside[:n_left].mean()), float(inside[n_left:].mean())
