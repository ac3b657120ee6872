"""The exact decision between two energies of an exponential memory, compiled (see `models/sedam.py`)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hubbub.simulator.memory.exact_fields import DECIDING_LEVELS

TANH_1 = math.tanh(1)
PER_LEVEL = math.exp(-2)
COUNTING_LEVELS = 60
"""Levels behind the nearest pattern from which a weight is too small to change a float64 sum."""
WEIGHTS = np.exp(-2.0 * np.arange(COUNTING_LEVELS))


@njit
def sign_of_weighted_sum(counts: NDArray[np.int64]) -> int:
    """Return the sign of Σ_l counts[l] x^l with x = e^−2, for whole numbers `[levels]`."""
    n_levels = len(counts)
    for first in range(n_levels):
        if counts[first] != 0:
            value = 0.0
            for level in range(min(first + DECIDING_LEVELS, n_levels) - 1, first - 1, -1):
                value = value * PER_LEVEL + counts[level]
            return 1 if value > 0 else -1
    return 0
