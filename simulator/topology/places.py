"""Places of agents in attributes of nodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float


def are_coordinates(values: Sequence[Any]) -> bool:
    """Whether all are finite numbers."""
    return all(
        isinstance(value, int | float | np.integer | np.floating)
        and not isinstance(value, bool)
        and -math.inf < value < math.inf
        for value in values
    )


def points(values: Sequence[Any]) -> Float[np.ndarray, "N d"] | None:
    """Return values as points `[N, d]`, or None if any is something else than 1 to 3 numbers, as many as the others."""
    if not all(isinstance(value, tuple | list | np.ndarray) for value in values):
        return None
    if len({len(value) for value in values if np.ndim(value) == 1}) != 1 or not 1 <= len(values[0]) <= 3:
        return None
    if not all(np.ndim(value) == 1 and are_coordinates(value) for value in values):
        return None
    return np.array([tuple(value) for value in values], dtype=np.float64)
