"""Means of a matrix over pairs of agents: linked pairs, all pairs, unlinked pairs, and each agent with itself."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Shaped

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.validation import validated


@validated(stated_shapes=True)
def pair_means(matrix: Shaped[np.ndarray, "N N"], edges: Int[np.ndarray, "E 2"]) -> dict[str, float]:
    """Return the means of `matrix [N, N]` (row speaks, column listens) over kinds of ordered pairs.

    Parameters
    ----------
    matrix
        Success C[i, j] or any other quantity of ordered pairs of agents, bool, int or float.
    edges
        Directed edges `[E, 2]`: i → j means that j may hear i.

    Returns
    -------
    dict
        over_links: pairs i → j with an edge; all_pairs: all i ≠ j; unlinked: all i ≠ j without an edge
        i → j; self: i = j; asymmetry: mean |C[i, j] − C[j, i]| over i ≠ j. NaN where there is no such pair.

    O(N² + E).

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    matrix = np.asarray(matrix, dtype=np.float64)
    n_agents = len(matrix)
    sources, targets = edge_list(edges, n_agents).T
    linked = np.zeros((n_agents, n_agents), dtype=bool)
    linked[sources, targets] = True
    others = ~np.eye(n_agents, dtype=bool)
    return {
        "over_links": _mean(matrix[linked]),
        "all_pairs": _mean(matrix[others]),
        "unlinked": _mean(matrix[others & ~linked]),
        "self": _mean(np.diagonal(matrix)),
        "asymmetry": _mean(np.abs(matrix - matrix.T)[others]),
    }


def _mean(values: Float[np.ndarray, " n"]) -> float:
    return float(values.mean()) if len(values) else float("nan")
