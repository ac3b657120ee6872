"""Rank correlation with a permutation null."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Shaped

from hubbub.analysis.grid import codes_of
from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.analysis.validation import MAY_BE_NAN, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(stated_shapes=True)
def standard_ranks(values: Shaped[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    """Return the average ranks of values `[N]` of any type that can be sorted, scaled to mean 0 and norm 1.

    The Spearman correlation of two columns is the dot product of these. Floats that differ by rounding only are tied.
    All NaN where the values are constant. O(N log N).

    Raises
    ------
    ConfigurationError
        Values that are not finite.
    """
    codes = codes_of(values)
    counts = np.bincount(codes)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[codes]
    ranks -= ranks.mean() if len(ranks) else 0
    return ranks / np.linalg.norm(ranks) if len(counts) > 1 else np.full(len(values), np.nan)


@validated(left=MAY_BE_NAN, right=MAY_BE_NAN)
def rank_correlation(
    left: Shaped[np.ndarray, " N"],
    right: Shaped[np.ndarray, " N"],
    *,
    generator: np.random.Generator | None = None,
    permutations: int = 1000,
) -> Measure:
    """Return the Spearman correlation of two columns `[N]` of any type that can be sorted.

    A pair with NaN in one of the columns is left out: `n` counts the others, and `reason` tells how many were left out.
    In the null one of the columns is permuted; the p-value is one-sided, for a positive correlation. `generator` draws
    the permutations, `np.random.default_rng(0)` when not given. NaN with the reason where a column is constant.
    O(N log N + N · permutations).

    Raises
    ------
    ConfigurationError
        Columns of different lengths, or with infinity.
    """
    estimator = "Spearman correlation"
    if left.ndim != 1 or left.shape != right.shape:
        raise ConfigurationError(complaint("right", expected=f"shape {left.shape}, as left", got=right.shape))
    known = ~(_missing(left) | _missing(right))
    n, n_missing = int(known.sum()), int((~known).sum())
    note = f"{n_missing} of {len(known)} pairs left out: NaN" if n_missing else ""
    first, second = standard_ranks(left[known]), standard_ranks(right[known])
    value = float(first @ second)
    if not n or np.isnan(value):
        reason = "; ".join(filter(None, ["one of the columns does not vary", note]))
        return undefined(reason, unit="1", estimator=estimator, n=n)
    shuffled = (generator or np.random.default_rng(0)).permuted(np.tile(second, (permutations, 1)), axis=1)
    found = against_null(value, shuffled @ first, unit="1", estimator=estimator, n=n, model="one column permuted")
    return replace(found, reason=note)


def _missing(values: Shaped[np.ndarray, " N"]) -> Bool[np.ndarray, " N"]:
    return np.isnan(values) if values.dtype.kind == "f" else np.zeros(len(values), dtype=bool)
