"""The exact decision between two energies of an exponential memory, compiled (see `models/sedam.py`)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hubbub.simulator.memory.models.sedam import DECIDING_LEVELS

TANH_1 = math.tanh(1)
PER_LEVEL = math.exp(-2)
COUNTING_LEVELS = 60  # further behind the nearest, a weight is too small to add anything
WEIGHTS = np.exp(-2.0 * np.arange(COUNTING_LEVELS))


@njit
def weighed(voices: np.ndarray) -> int:
    """Return the sign of Σ_l voices[l] x^l with x = e^−2, for whole numbers of voices `[levels]`."""
    n_levels = len(voices)
    for first in range(n_levels):
        if voices[first] != 0:
            value = 0.0
            for level in range(min(first + DECIDING_LEVELS, n_levels) - 1, first - 1, -1):
                value = value * PER_LEVEL + voices[level]
            return 1 if value > 0 else -1
    return 0
