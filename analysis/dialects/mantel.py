"""Mantel test: whether agents that are far apart on the graph speak less alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hubbub.analysis.arrays import square
from hubbub.analysis.dialects.distance import distance_matrix, pairs_left_out
from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.simulator.errors import ConfigurationError, complaint

METHODS = ("spearman", "pearson")
AGENTS_NEEDED = 4
NULL = "agents permuted"


def mantel_test(
    dissimilarity: np.ndarray,
    distance: np.ndarray,
    *,
    method: str = "spearman",
    generator: np.random.Generator | None = None,
    permutations: int = 999,
) -> Measure:
    """Return the correlation of two matrices `[N, N]` over pairs of agents, with its permutation null (Mantel 1967).

    Parameters
    ----------
    dissimilarity
        Such as 1 − similarity, or 1 − success; it need not be symmetric.
    distance
        Such as `hop_distances(edges, n_agents)`. Pairs without a path are infinitely far: no correlation can take
        them in, so they are left out, and `reason` counts them.
    method
        "spearman" (ranks: any monotone relation) or "pearson" (a straight line).
    generator
        Draws the permutations of the agents, rows and columns of `dissimilarity` together, which keeps the dependence
        of pairs that share an agent; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, 0 for none.

    The p-value is one-sided: dissimilarity grows with distance. `n` counts ordered pairs. NaN with the reason below
    four agents, or where one of the two matrices does not vary. O(N² · permutations).
    """
    if method not in METHODS:
        raise ConfigurationError(
            complaint("method", expected=f"one of {', '.join(METHODS)}", got=method, valid=METHODS)
        )
    apart, far = square(dissimilarity, name="dissimilarity"), distance_matrix(distance, len(dissimilarity))
    n_agents = len(apart)
    estimator = f"Mantel correlation, {method.capitalize()}"
    used = np.isfinite(far) & ~np.eye(n_agents, dtype=bool)
    n_pairs = int(used.sum())
    reason = pairs_left_out(used)
    lack = f"{n_agents} agents, at least {AGENTS_NEEDED} needed" if n_agents < AGENTS_NEEDED else ""
    for values, what in ((far, "distance"), (apart, "dissimilarity")):
        if not lack and not (n_pairs and np.ptp(values[used]) > 0):
            lack = f"{what} does not vary over the {n_pairs} pairs with a path"
    if lack:
        return undefined("; ".join(filter(None, [lack, reason])), unit="1", estimator=estimator, n=n_pairs)
    ranked = method == "spearman"

    def standard(values: np.ndarray) -> np.ndarray:
        return _centred(_ranks(values) if ranked else values)

    if ranked:
        apart = _codes(apart)
    steps = standard(_codes(far[used]) if ranked else far[used])
    rng = generator or np.random.default_rng(0)
    orders = (rng.permutation(n_agents) for _ in range(permutations))
    null = np.array([standard(apart[np.ix_(order, order)][used]) @ steps for order in orders])
    value = float(standard(apart[used]) @ steps)
    found = against_null(value, null, unit="1", estimator=estimator, n=n_pairs, model=NULL)
    return replace(found, reason=reason)


def _codes(values: np.ndarray) -> np.ndarray:
    """Return for each value the number of distinct values below it: its rank can then be counted, not sorted."""
    return np.unique(values, return_inverse=True)[1].reshape(values.shape)


def _ranks(codes: np.ndarray) -> np.ndarray:
    """Return average ranks `[n]` of codes `[n]`."""
    counts = np.bincount(codes)
    return (counts.cumsum() - (counts - 1) / 2)[codes]


def _centred(values: np.ndarray) -> np.ndarray:
    """Return values with mean 0 and norm 1; zeros where they do not vary."""
    centred = values - values.mean()
    norm = np.linalg.norm(centred)
    return centred / norm if norm > 0 else np.zeros_like(centred)
