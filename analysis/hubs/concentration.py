"""Concentration: how unequally links, or any other quantity ≥ 0, are distributed over agents."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import NOT_NEGATIVE, SHARE, validated
from hubbub.simulator.counting import part


@validated(stated_shapes=True, values=NOT_NEGATIVE)
def gini(values: Real[np.ndarray, " N"]) -> Measure:
    """Return the Gini coefficient of values ≥ 0 (int or float): 0 when all are equal, (N − 1) / N when one has all.

    Undefined where all are 0. O(N log N).
    """
    estimator = "Gini coefficient"
    ordered = np.sort(_in_units_of_the_largest(values))
    n, total = len(ordered), ordered.sum()
    if not total > 0:
        return undefined("no value above 0", unit="1", estimator=estimator, n=n)
    value = (2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total)
    return Measure(float(value), "1", estimator, n)


@validated(stated_shapes=True, values=NOT_NEGATIVE, fraction=SHARE)
def top_share(values: Real[np.ndarray, " N"], *, fraction: float = 0.05) -> Measure:
    """Return the share of the total of values ≥ 0 (int or float) that the top `fraction` of agents has.

    At least one agent counts as the top. Undefined where all are 0. O(N log N).
    """
    estimator = f"share of the top {100 * fraction:g} %"
    ordered = np.sort(_in_units_of_the_largest(values))[::-1]
    n, total = len(ordered), ordered.sum()
    if not total > 0:
        return undefined("no value above 0", unit="1", estimator=estimator, n=n)
    return Measure(float(ordered[: max(1, math.ceil(part(fraction, n)))].sum() / total), "1", estimator, n)


@validated(stated_shapes=True, values=NOT_NEGATIVE)
def largest_to_mean(values: Real[np.ndarray, " N"]) -> Measure:
    """Return the largest of values ≥ 0 (int or float) divided by their mean: 1 when all are equal.

    Undefined where all are 0. O(N).
    """
    estimator = "largest / mean"
    given = _in_units_of_the_largest(values)
    if not given.sum() > 0:
        return undefined("no value above 0", unit="1", estimator=estimator, n=len(given))
    return Measure(float(given.max() / given.mean()), "1", estimator, len(given))


def _in_units_of_the_largest(values: Real[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
    """Return values ≥ 0 divided by a power of two near the largest: exact, and no sum of them overflows."""
    given = np.asarray(values, dtype=np.float64)
    return np.asarray(np.ldexp(given, -int(np.frexp(given.max(initial=0.0))[1])))
