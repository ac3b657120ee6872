"""How unequally links (or anything else that can be counted) are spread over agents."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.measure import Measure, undefined


def gini(values: np.ndarray) -> Measure:
    """Return the Gini coefficient of values `[N]` ≥ 0: 0 when all have the same, (N − 1) / N when one has all."""
    estimator = "Gini coefficient"
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n, total = len(ordered), ordered.sum()
    if not total > 0:
        return undefined("nothing to share", unit="1", estimator=estimator, n=n)
    value = (2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total)
    return Measure(float(value), "1", estimator, n)


def top_share(values: np.ndarray, *, fraction: float = 0.05) -> Measure:
    """Return the share of the total of `values [N]` that the top `fraction` of agents has (at least one agent)."""
    estimator = f"share of the top {100 * fraction:g} %"
    ordered = np.sort(np.asarray(values, dtype=np.float64))[::-1]
    n, total = len(ordered), ordered.sum()
    if not total > 0:
        return undefined("nothing to share", unit="1", estimator=estimator, n=n)
    return Measure(float(ordered[: math.ceil(fraction * n)].sum() / total), "1", estimator, n)


def largest_to_mean(values: np.ndarray) -> Measure:
    """Return the largest of values `[N]` ≥ 0 in units of their mean: 1 when all are the same."""
    estimator = "largest / mean"
    given = np.asarray(values, dtype=np.float64)
    if not given.sum() > 0:
        return undefined("nothing to share", unit="1", estimator=estimator, n=len(given))
    return Measure(float(given.max() / given.mean()), "1", estimator, len(given))
