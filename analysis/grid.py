"""Values on a grid: whole multiples of a unit that floats cannot hold exactly, such as 0.1.

Sums and products of such values differ by rounding, so a comparison at the edge of a bin, with a threshold or between
two values that should be equal depends on the unit. Here every such comparison has a tolerance that is far above
rounding and far below any difference that means something, so a change of unit changes no result.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int, Real, Shaped

ROUNDING_OF_SUMS = 256 * float(np.finfo(float).eps)
"""Values that were added up from thousands of others are this share of the largest away from where they should be."""
ROUNDING = 1e-12
"""Values that differ by less than this share of their size are equal."""
WHOLE = 1e-3
"""A quotient that is this far from a whole number may be one, until it is compared exactly."""
STEPS_OF_SIZE = 1e-6
"""A grid whose steps are smaller than this share of its size is not told apart from the real numbers."""
EDGE = 1e-6
"""Edges of bins lie this share of a width below the multiples of the width, where values on a grid may be."""


def varies(values: Float[np.ndarray, "*shape"]) -> bool:
    """Return whether values differ by more than rounding."""
    return bool(values.size) and bool(np.ptp(values) > 8 * float(np.finfo(float).eps) * np.abs(values).max())


def at_least(
    values: Float[np.ndarray, "*shape"], level: float, *, size: Float[np.ndarray, "*shape"] | float = 0.0
) -> Bool[np.ndarray, "*shape"]:
    """Return which values are at least `level`, or below it by rounding only.

    `size` is the size of the terms that were added up to each value, where some of these may be negative.
    """
    return values >= level - ROUNDING * np.maximum(np.maximum(np.abs(values), abs(level)), size)


def codes_of(values: Shaped[np.ndarray, "*shape"]) -> Int[np.ndarray, "*shape"]:
    """Return for each value the number of distinct values below it; floats that differ by rounding only are equal.

    Values may be of any type that can be sorted. Rounding is measured by the largest value. O(n log n).
    """
    distinct, index = np.unique(values, return_inverse=True)
    return _groups(distinct)[index].reshape(np.shape(values)).astype(np.int64, copy=False)


def _groups(distinct: Shaped[np.ndarray, " D"]) -> Int[np.ndarray, " D"]:
    """Return the group of each of D ascending values, in which those are that differ by rounding only."""
    if not len(distinct) or distinct.dtype.kind != "f":
        return np.arange(len(distinct))
    finite = distinct[np.isfinite(distinct)]
    gap = ROUNDING * (np.abs(finite).max() if len(finite) else 0.0)
    with np.errstate(invalid="ignore"):
        return np.cumsum(np.concatenate([[False], ~(np.diff(distinct) <= gap)]))


def distinct_values(values: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, " D"]:
    """Return the distinct values, ascending; of those that differ by rounding only, the smallest."""
    ordered = np.sort(np.ravel(values))  # np.unique of millions of numbers takes many times as long
    ordered = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]]
    return ordered[np.diff(_groups(ordered), prepend=-1) > 0]


def grid_step(values: Real[np.ndarray, "*shape"], *, origin: bool = False) -> float:
    """Return the step of the grid that values lie on: the largest number of which all differences are multiples.

    With `origin` the values themselves have to be multiples. 0 where there is no such grid: for real numbers, for
    steps below a millionth of the range, and for values that are all the same. By Euclid's algorithm on floats.
    O(n log n).
    """
    distinct = np.unique(np.asarray(values, dtype=np.float64))
    if origin:
        distinct = np.unique(np.append(np.abs(distinct), 0.0))
    if len(distinct) < 2:
        return 0.0
    away = distinct[1:] - distinct[0]
    size, tolerance = float(away[-1]), ROUNDING_OF_SUMS * float(np.abs(distinct).max())
    away = away[away > tolerance]
    if not len(away):
        return 0.0
    step = float(away[0])
    while step > max(STEPS_OF_SIZE * size, 100 * tolerance):
        rest = np.abs(away - step * np.rint(away / step))
        off = rest[rest > WHOLE * step]  # rounding grows from one division to the next, so this is coarse
        if not len(off):
            multiples = np.rint(away / step)
            step = float(away @ multiples / (multiples @ multiples))
            return step if np.abs(away - step * multiples).max() <= 2 * tolerance else 0.0
        step = float(off.min())
    return 0.0


def bin_numbers(values: Float[np.ndarray, "*shape"], width: float) -> Float[np.ndarray, "*shape"]:
    """Return the numbers of the bins of values ≥ 0, as floats; a value at an edge belongs to the bin above it."""
    return np.floor(values / width + EDGE)
