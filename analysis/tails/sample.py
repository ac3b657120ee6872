"""A sample as its sorted distinct values and how often each occurs, which is all that a fit needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.simulator.errors import ConfigurationError, complaint


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
        """Return the part of the sample that is at least `cutoff`."""
        first = np.searchsorted(self.x, cutoff)
        return Sample(self.x[first:], self.counts[first:])


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
