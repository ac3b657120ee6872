"""The way of a prompt's pictures through concept space."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.simulator.errors import ConfigurationError, complaint


def bend(path: np.ndarray) -> float:
    """Return how far a path `[T, 2]` leaves the straight line from its first to its last point, over that distance.

    The greatest distance of a point from the line, positive on the right of it, where the first coordinate runs ahead
    of the second; 0 for a straight path. NaN where the path ends where it began. Noise makes it larger.

    Raises
    ------
    ConfigurationError
        It is no path in two dimensions.
    """
    points = np.asarray(path, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ConfigurationError(complaint("path", expected="points [T, 2]", got=points.shape))
    along = points[-1] - points[0]
    length = float(np.hypot(*along))
    if length == 0:
        return math.nan
    apart = points - points[0]
    right = (apart[:, 0] * along[1] - apart[:, 1] * along[0]) / length
    return float(right[np.abs(right).argmax()] / length)


def reached(steps: Sequence[float], values: Sequence[float], *, level: float = 0.5) -> tuple[float, bool]:
    """Return the step at which `values [T]` first reach `level`, and whether they do by the last of `steps [T]`.

    Where they do not, the last step: they need longer than that.
    """
    if values[0] >= level:
        return float(steps[0]), True
    at = crossing(steps, values, level=level)
    return (float(steps[-1]), False) if math.isnan(at) else (at, True)
