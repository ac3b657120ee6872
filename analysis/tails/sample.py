"""A sample as its sorted distinct values and how often each occurs, which is all that a fit needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.grid import ROUNDING
from hubbub.simulator.errors import ConfigurationError, complaint

LARGEST_WHOLE = 2.0**53
"""Up to here floats hold every whole number."""


@dataclass(frozen=True)
class Sample:
    """U distinct values `x` in ascending order, and their `counts`."""

    x: Float[np.ndarray, " U"]
    counts: Int[np.ndarray, " U"]

    @property
    def n(self) -> int:
        """Number of values."""
        return int(self.counts.sum())

    @property
    def at_least(self) -> Int[np.ndarray, " U"]:
        """Number of values ≥ x, for every distinct value."""
        return self.counts[::-1].cumsum()[::-1]

    def tail(self, cutoff: float) -> Sample:
        """Return the part of the sample that is at least `cutoff`, or below it by rounding only."""
        first = np.searchsorted(self.x, cutoff * (1 - ROUNDING))
        return Sample(self.x[first:], self.counts[first:])


def in_units(values: Float[np.ndarray, " n"], *, discrete: bool, unit: float | None = None) -> tuple[Sample, float]:
    """Return the sample of n values > 0 in units of which discrete ones are multiples, and the unit.

    The unit is 1 for real numbers; for discrete ones it is the largest number of which all are multiples, unless given.
    """
    if not discrete or not len(values):
        return distinct(values), 1.0
    if unit is None:
        unit = float(np.gcd.reduce(values.astype(np.int64))) if values.max() < LARGEST_WHOLE else 1.0
    return distinct(np.rint(values / unit)), unit


def distinct(values: Float[np.ndarray, " n"]) -> Sample:
    """Return the sample of n values > 0. O(n log n)."""
    ordered = np.sort(values)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])
    return Sample(ordered[starts], np.diff(starts, append=len(ordered)))


def positive_values(values: Real[np.ndarray, "*shape"], *, discrete: bool) -> Float[np.ndarray, " n"]:
    """Return the values above 0 as float64 in one row; here the values that enter this package are validated.

    Raises
    ------
    ConfigurationError
        NaN, infinite or negative values, or fractions where `discrete`.
    """
    flat = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(flat).all():
        raise ConfigurationError(f"values: expected finite numbers, got {np.count_nonzero(~np.isfinite(flat))} others")
    if (flat < 0).any():
        raise ConfigurationError(complaint("values", expected="numbers ≥ 0", got=float(flat.min())))
    if discrete and (flat % 1 != 0).any():
        raise ConfigurationError(complaint("values", expected="whole numbers", got=float(flat[flat % 1 != 0][0])))
    return flat[flat > 0]
