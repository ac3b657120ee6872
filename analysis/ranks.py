"""Rank correlation with a permutation null."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.measure import Measure, against_null, undefined


def standard_ranks(values: np.ndarray) -> np.ndarray:
    """Return average ranks with mean 0 and norm 1: Spearman correlations are their dot products; NaN if constant."""
    _, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[index]
    ranks -= ranks.mean()
    return ranks / np.linalg.norm(ranks) if len(counts) > 1 else np.full(len(values), np.nan)


def rank_correlation(
    left: np.ndarray, right: np.ndarray, *, generator: np.random.Generator | None = None, permutations: int = 1000
) -> Measure:
    """Return the Spearman correlation of two columns `[N]`; the null permutes one of them.

    `generator` is `np.random.default_rng(0)` when not given. NaN with the reason when a column is constant.
    """
    estimator = "Spearman correlation"
    first, second = standard_ranks(np.asarray(left)), standard_ranks(np.asarray(right))
    value = float(first @ second)
    if np.isnan(value):
        return undefined("one of the two does not vary", unit="1", estimator=estimator, n=len(first))
    shuffled = (generator or np.random.default_rng(0)).permuted(np.tile(second, (permutations, 1)), axis=1)
    return against_null(value, shuffled @ first, unit="1", estimator=estimator, n=len(first), model="one permuted")
