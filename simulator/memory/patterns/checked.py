"""Which arrays can be stored."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import ConfigurationError


def checked(values: np.ndarray) -> np.ndarray:
    """Return patterns `[P, D]` as int8, or raise `ConfigurationError` if they are not distinct rows of ±1."""
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
            f"patterns: expected every pattern once, got {twice[0]} equal to {earlier[twice[0]]}; "
            "np.unique(values, axis=0) leaves each once"
        )
    return array.astype(np.int8)
