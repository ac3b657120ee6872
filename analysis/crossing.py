"""The point at which a curve rises through a level."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hubbub.analysis.grid import at_least
from hubbub.analysis.validation import MAY_BE_NAN, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(values=MAY_BE_NAN)
def crossing(settings: Sequence[float], values: Sequence[float], *, level: float = 0.0) -> float:
    """Return the setting at which `values [T]` first rise through `level`, by linear interpolation over `settings [T]`.

    NaN where they never do: all values are on one side of the level, or the first value is not below it. NaN also where
    one of the values is not finite: a curve with a gap, as of a network that diverged, has no known crossing.

    Raises
    ------
    ConfigurationError
        The settings do not ascend, or their number is not that of the values.
    """
    x, heights = np.asarray(settings, dtype=float), np.asarray(values, dtype=float) - level
    if x.ndim != 1 or x.shape != heights.shape or not (np.diff(x) > 0).all():
        raise ConfigurationError(complaint("settings", expected="ascending, one for each value", got=settings))
    if not np.isfinite(heights).all():
        return math.nan
    reached = at_least(np.asarray(values, dtype=float), level)
    heights = np.where(reached, np.maximum(heights, 0), heights)
    rises = np.flatnonzero(~reached[:-1] & reached[1:])
    if not len(rises) or reached[0]:
        return math.nan
    left = rises[0]
    fraction = heights[left] / (heights[left] - heights[left + 1])
    return float(x[left] + fraction * (x[left + 1] - x[left]))
