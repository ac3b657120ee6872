"""Coincidences: steps in which many units switch on at once."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int, Real, Shaped

from hubbub.analysis.grid import at_least, varies
from hubbub.analysis.temporal.record import series
from hubbub.analysis.validation import validated


@validated(stated_shapes=True)
def switched_on(states: Shaped[np.ndarray, "T D"]) -> Int[np.ndarray, " T"]:
    """Return the number of units that switch on in each of T steps; units with a state above 0 are on.

    The states of D units are bool, int or float. The number is 0 in the first step. O(T D).
    """
    on = np.asarray(states) > 0
    return np.concatenate([[0], np.count_nonzero(on[1:] & ~on[:-1], axis=1)])[: len(on)]


@validated()
def coincidences(switches: Real[np.ndarray, " T"], *, deviations: float = 2.0) -> Int[np.ndarray, " n"]:
    """Return the n steps in which the number of units that switch on is at least mean + `deviations` sd.

    `switches` are the numbers of units that switch on in each step, as `switched_on` gives them, int or float. A
    constant record has no coincidences. O(T).

    Raises
    ------
    ConfigurationError
        Numbers that are not one row of finite numbers.
    """
    values = series(switches, name="switches")
    if not len(values) or not varies(values):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(at_least(values, values.mean() + deviations * values.std(), size=float(np.abs(values).max())))
