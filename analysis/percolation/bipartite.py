"""The giant component of a random bipartite graph: expected (Newman, Strogatz & Watts 2001), and in one graph."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Int, Integer

from hubbub.analysis.arrays import below
from hubbub.analysis.validation import AT_LEAST_1, SHARE, validated

NEWTON_STEPS = 100


@validated(n_left=AT_LEAST_1, n_right=AT_LEAST_1)
def critical_probability(n_left: int, n_right: int) -> float:
    """Return the edge probability above which a giant component is expected: 1/√(n_left · n_right).

    Source: Newman, Strogatz & Watts (2001), for Poisson degrees on both sides.
    """
    return 1 / math.sqrt(n_left * n_right)


@validated(n_left=AT_LEAST_1, n_right=AT_LEAST_1, probability=SHARE)
def giant_shares(n_left: int, n_right: int, probability: float) -> tuple[float, float]:
    """Return the expected shares of left and of right nodes in the giant component; (0, 0) up to the critical point.

    They solve S_left = 1 − exp(−n_right p S_right) and S_right = 1 − exp(−n_left p S_left), which holds in the limit of
    many nodes (Newman, Strogatz & Watts 2001).
    """
    to_left, to_right = n_right * probability, n_left * probability
    if to_left * to_right <= 1:
        return 0.0, 0.0
    share = 1.0  # right side minus left side is concave in it, so Newton's method from 1 finds the larger root
    for _ in range(NEWTON_STEPS):
        right = 1 - math.exp(-to_right * share)
        rest = 1 - math.exp(-to_left * right) - share
        slope = to_left * math.exp(-to_left * right) * to_right * math.exp(-to_right * share) - 1
        share -= rest / slope
    return share, 1 - math.exp(-to_right * share)


@validated(n_left=AT_LEAST_1, n_right=AT_LEAST_1, probability=SHARE)
def random_bipartite_graph(
    n_left: int, n_right: int, probability: float, *, generator: np.random.Generator
) -> Int[np.ndarray, "E 2"]:
    """Return the edges of a random bipartite graph, `[E, 2]` (left node, right node).

    Each possible edge exists with `probability`, independently of the others; `generator` draws them.
    O(n_left · n_right) at most.
    """
    pairs = n_left * n_right
    chosen = generator.choice(pairs, generator.binomial(pairs, probability), replace=False, shuffle=False)
    return np.column_stack(np.divmod(chosen, n_right))


@validated(stated_shapes=True, n_left=AT_LEAST_1, n_right=AT_LEAST_1)
def giant_component(edges: Integer[np.ndarray, "E 2"], n_left: int, n_right: int) -> tuple[float, float]:
    """Return the shares of left and of right nodes in the largest component of a bipartite graph.

    `edges [E, 2]` are pairs of a left node (0 … n_left − 1) and a right node (0 … n_right − 1).
    O(E + n_left + n_right).

    Raises
    ------
    ConfigurationError
        Nodes outside of these ranges, or fractions.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left = below(edges[:, 0], n_left, name="edges, left nodes")
    right = below(edges[:, 1], n_right, name="edges, right nodes")
    nodes = n_left + n_right
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, n_left + right)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    inside = component == np.bincount(component).argmax()
    return float(inside[:n_left].mean()), float(inside[n_left:].mean())
