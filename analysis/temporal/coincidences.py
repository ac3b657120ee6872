"""Coincidences: steps in which many units switch on at once."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.temporal.record import series


def switched_on(states: np.ndarray) -> np.ndarray:
    """Return how many units switch on in each step `[T]`, from states `[T, D]` of which those above 0 are on.

    Nothing has switched in the first step.
    """
    on = np.asarray(states) > 0
    return np.concatenate([[0], np.count_nonzero(on[1:] & ~on[:-1], axis=1)])


def coincidences(switches: np.ndarray, *, deviations: float = 2.0) -> np.ndarray:
    """Return the steps `[n]` in which at least mean + `deviations` sd of the units switch on, from numbers `[T]` of
    them (`switched_on`). A constant record has none. O(T).
    """
    values = series(switches, name="switches")
    if not len(values) or not np.ptp(values) > 0:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(values >= values.mean() + deviations * values.std())
