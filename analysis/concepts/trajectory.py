"""Measures of the path of the pictures for one prompt through concept space, over training."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Real

from hubbub.analysis.crossing import crossing
from hubbub.analysis.grid import at_least
from hubbub.analysis.validation import MAY_BE_NAN, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(path=MAY_BE_NAN)
def bend(path: Real[np.ndarray, "T 2"]) -> float:
    """Return the largest deviation of a path from the straight line between its ends, divided by their distance.

    It is positive on the right side of the line, where the first coordinate changes before the second; 0 for a
    straight path; NaN if the path ends at its first point, or one
    of its points is not finite. Noise increases its absolute value. O(T).

    Parameters
    ----------
    path
        Points in the order of time, `[T, 2]`.

    Raises
    ------
    ConfigurationError
        The array is not a path in two dimensions.
    """
    points = np.asarray(path, dtype=float)
    if points.ndim != 2 or points.shape[1] != 2 or not len(points):
        raise ConfigurationError(complaint("path", expected="points [T, 2]", got=points.shape))
    along = points[-1] - points[0]
    length = float(np.hypot(*along))
    if length == 0 or not np.isfinite(points).all():
        return math.nan
    offsets = points - points[0]
    right = (offsets[:, 0] * along[1] - offsets[:, 1] * along[0]) / length
    return float(right[np.abs(right).argmax()] / length)


@validated(values=MAY_BE_NAN)
def reached(steps: Sequence[float], values: Sequence[float], *, level: float = 0.5) -> tuple[float, bool]:
    """Return the step at which a curve `values [T]` first reaches `level`, and True; or the last step, and False.

    False means that the curve does not reach the level within `steps [T]`, as in a censored observation; the step is
    then NaN where a value is not finite, or there is none. Between steps the curve is interpolated linearly.

    Raises
    ------
    ConfigurationError
        The steps do not ascend, or their number is not that of the values.
    """
    at = crossing(steps, values, level=level)
    if not np.isfinite(np.asarray(values, dtype=float)).all() or not len(values):
        return math.nan, False
    if at_least(np.asarray(values[:1], dtype=float), level)[0]:
        return float(steps[0]), True
    return (float(steps[-1]), False) if math.isnan(at) else (at, True)
