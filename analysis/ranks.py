"""Rank correlation with a permutation null."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Shaped

from hubbub.analysis.measure import Measure, against_null, undefined


def standard_ranks(values: Shaped[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    """Return the average ranks of values `[N]` of any type that can be sorted, scaled to mean 0 and norm 1.

    The Spearman correlation of two columns is the dot product of these. All NaN where the values are constant.
    O(N log N).
    """
    _, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[index]
    ranks -= ranks.mean()
    return ranks / np.linalg.norm(ranks) if len(counts) > 1 else np.full(len(values), np.nan)


def rank_correlation(
    left: Shaped[np.ndarray, " N"],
    right: Shaped[np.ndarray, " N"],
    *,
    generator: np.random.Generator | None = None,
    permutations: int = 1000,
) -> Measure:
    """Return the Spearman correlation of two columns `[N]` of any type that can be sorted.

    In the null one of them is permuted; the p-value is one-sided, for a positive correlation. `generator` draws the
    permutations, `np.random.default_rng(0)` when not given. NaN with the reason where a column is constant.
    O(N log N + N · permutations).
    """
    estimator = "Spearman correlation"
    first, second = standard_ranks(np.asarray(left)), standard_ranks(np.asarray(right))
    value = float(first @ second)
    if np.isnan(value):
        return undefined("one of the columns does not vary", unit="1", estimator=estimator, n=len(first))
    shuffled = (generator or np.random.default_rng(0)).permuted(np.tile(second, (permutations, 1)), axis=1)
    return against_null(
        value, shuffled @ first, unit="1", estimator=estimator, n=len(first), model="one column permuted"
    )
