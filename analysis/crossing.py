"""Where a curve passes a level."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint


def crossing(settings: Sequence[float], values: Sequence[float], *, level: float = 0.0) -> float:
    """Return the setting at which `values [T]` first rise through `level`, on straight lines between `settings [T]`.

    NaN where they do not: all on one side, or above it from the first.

    Raises
    ------
    ConfigurationError
        The settings do not ascend, or are not as many as the values.
    """
    at, heights = np.asarray(settings, dtype=float), np.asarray(values, dtype=float) - level
    if at.ndim != 1 or at.shape != heights.shape or not (np.diff(at) > 0).all():
        raise ConfigurationError(complaint("settings", expected="ascending, one for each value", got=settings))
    passed = np.flatnonzero((heights[:-1] < 0) & (heights[1:] >= 0))
    if not len(passed) or not heights[0] < 0:
        return math.nan
    left = passed[0]
    share = heights[left] / (heights[left] - heights[left + 1])
    return float(at[left] + share * (at[left + 1] - at[left]))
