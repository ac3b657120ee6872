"""A sample as its distinct values and how often each occurs: all that a fit needs, sorted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class Sample:
    """Distinct values `x [U]` in ascending order, their `counts [U]`, and how many values are at least as large."""

    x: np.ndarray
    counts: np.ndarray

    @property
    def n(self) -> int:
        """Number of values."""
        return int(self.counts.sum())

    @property
    def at_least(self) -> np.ndarray:
        """Number of values ≥ x, for every distinct value `[U]`."""
        return self.counts[::-1].cumsum()[::-1]

    def tail(self, cutoff: float) -> Sample:
        """Return the part of the sample that is at least `cutoff`."""
        first = np.searchsorted(self.x, cutoff)
        return Sample(self.x[first:], self.counts[first:])


def distinct(values: np.ndarray) -> Sample:
    """Return the sample of values `[n]` > 0."""
    ordered = np.sort(values)
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])
    return Sample(ordered[starts], np.diff(starts, append=len(ordered)))


def positive_values(values: np.ndarray, *, discrete: bool) -> np.ndarray:
    """Return the values above 0 as float64, in one row; the door of this room.

    Raises
    ------
    ConfigurationError
        For NaN, infinities, negative numbers, and fractions where counts are meant.
    """
    flat = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(flat).all():
        raise ConfigurationError(f"values: expected finite numbers, got {np.count_nonzero(~np.isfinite(flat))} others")
    if (flat < 0).any():
        raise ConfigurationError(complaint("values", expected="numbers ≥ 0", got=float(flat.min())))
    if discrete and (flat % 1 != 0).any():
        raise ConfigurationError(complaint("values", expected="whole numbers", got=float(flat[flat % 1 != 0][0])))
    return flat[flat > 0]
