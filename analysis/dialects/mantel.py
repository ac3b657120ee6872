"""Mantel test: do agents that are far apart on the graph speak less similarly?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int, Shaped

from hubbub.analysis.arrays import square
from hubbub.analysis.dialects.distance import distance_matrix, pairs_left_out
from hubbub.analysis.grid import codes_of, varies
from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.analysis.validation import DISTANCE, validated
from hubbub.simulator.errors import ConfigurationError, complaint

METHODS = ("spearman", "pearson")
AGENTS_NEEDED = 4
NULL = "agents permuted"


@validated(distance=DISTANCE)
def mantel_test(
    dissimilarity: Shaped[np.ndarray, "N N"],
    distance: Shaped[np.ndarray, "N N"],
    *,
    method: str = "spearman",
    generator: np.random.Generator | None = None,
    permutations: int = 999,
) -> Measure:
    """Return the correlation of two matrices `[N, N]` over pairs of agents, with its permutation null (Mantel 1967).

    Parameters
    ----------
    dissimilarity
        Such as 1 − similarity, or 1 − success, bool, int or float; it need not be symmetric.
    distance
        Such as `hop_distances(edges, n_agents)`, int or float. Pairs without a path are infinitely far apart and have
        no place in a correlation, so they are left out, and `reason` counts them.
    method
        "spearman" (ranks: any monotone relation) or "pearson" (a straight line).
    generator
        Draws the permutations of the agents: rows and columns of `dissimilarity` together, which keeps the dependence
        between pairs that share an agent; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, 0 for none.

    The p-value is one-sided, for dissimilarity that grows with distance. `n` counts ordered pairs. NaN with the reason
    below four agents, or where one of the two matrices does not vary. O(N² · permutations).

    Raises
    ------
    ConfigurationError
        Matrices of other shapes or with NaN, or an unknown method.
    """
    if method not in METHODS:
        raise ConfigurationError(
            complaint("method", expected=f"one of {', '.join(METHODS)}", got=method, valid=METHODS)
        )
    differences, hops = square(dissimilarity, name="dissimilarity"), distance_matrix(distance, len(dissimilarity))
    n_agents = len(differences)
    estimator = f"Mantel correlation, {method.capitalize()}"
    used = np.isfinite(hops) & ~np.eye(n_agents, dtype=bool)
    n_pairs = int(used.sum())
    reason = pairs_left_out(used)
    problem = f"{n_agents} agents, at least {AGENTS_NEEDED} needed" if n_agents < AGENTS_NEEDED else ""
    for values, what in ((hops, "distance"), (differences, "dissimilarity")):
        if not problem and not (n_pairs and varies(values[used])):
            problem = f"{what} does not vary over the {n_pairs} pairs with a path"
    if problem:
        return undefined("; ".join(filter(None, [problem, reason])), unit="1", estimator=estimator, n=n_pairs)
    ranked = method == "spearman"

    def standard(values: Shaped[np.ndarray, " pairs"]) -> Float[np.ndarray, " pairs"]:
        return _centred(_ranks(values) if ranked else values)

    if ranked:
        differences = codes_of(differences)
    distances = standard(codes_of(hops[used]) if ranked else hops[used])
    rng = generator or np.random.default_rng(0)
    orders = (rng.permutation(n_agents) for _ in range(permutations))
    here = standard(differences[used])
    if reason:
        permuted = (differences[np.ix_(order, order)][used] for order in orders)
        null = np.array([standard(values) @ distances for values in permuted])
    else:  # all pairs are used in every permutation, so their ranks stay
        whole, far = np.zeros(used.shape), np.zeros(used.shape)
        whole[used], far[used] = here, distances
        null = np.array([np.vdot(whole.take(order, axis=0).take(order, axis=1), far) for order in orders])
    value = float(here @ distances)
    found = against_null(value, null, unit="1", estimator=estimator, n=n_pairs, model=NULL)
    return replace(found, reason=reason)


def _ranks(codes: Int[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Return the average ranks of codes."""
    counts = np.bincount(codes)
    return (counts.cumsum() - (counts - 1) / 2)[codes]


def _centred(values: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Return values with mean 0 and norm 1; zeros where they do not vary."""
    centred = values - values.mean()
    norm = np.linalg.norm(centred)
    return centred / norm if norm > 0 else np.zeros_like(centred)
