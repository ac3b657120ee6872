"""Checks of arrays of patterns."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Int8
from numpy.typing import NDArray

from hubbub.simulator.errors import ConfigurationError

Patterns: TypeAlias = NDArray[Any]
"""Patterns `[P, D]` of ±1, of any type of number."""


def checked(values: Patterns) -> Int8[np.ndarray, "P D"]:
    """Return patterns `[P, D]` as int8; `ConfigurationError` if they are not distinct rows of ±1."""
    array = np.asarray(values)
    if array.ndim != 2 or not array.size or not np.issubdtype(array.dtype, np.number):
        raise ConfigurationError(
            f"patterns: expected numbers [patterns, spins], got {array.dtype} of shape {array.shape}"
        )
    wrong = np.argwhere((array != 1) & (array != -1))  # NaN is neither
    if len(wrong):
        row, spin = wrong[0].tolist()
        raise ConfigurationError(
            f"patterns: expected only -1 and +1, got {array[row, spin]} in pattern {row}, spin {spin}; "
            "binarise them, for instance by np.where(values > np.median(values), 1, -1)"
        )
    _, first, which = np.unique(array, axis=0, return_index=True, return_inverse=True)
    earlier = first[which.reshape(-1)]
    twice = np.flatnonzero(earlier != np.arange(len(array)))
    if len(twice):
        raise ConfigurationError(
            f"patterns: expected every pattern once, got pattern {twice[0]} equal to pattern {earlier[twice[0]]}; "
            "np.unique(values, axis=0) removes duplicates"
        )
    return array.astype(np.int8)
