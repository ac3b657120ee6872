"""Whether a column without a name is plainly one of weights."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

LARGE = 1e8
"""Seconds since 1970 passed this number in 1973; weights that large are rare."""

YEARS = (1800, 2100)


def doubt(values: Float[np.ndarray, " R"]) -> str | None:
    """Return why numbers may be something else than weights, or None if they plainly are weights.

    They may be an id or counter (whole numbers without a gap that all differ, in order from three rows on, in any
    order from five), a clock (numbers that never fall, with at least three different ones), times since 1970, or
    years.
    """
    n_rows, whole = len(values), bool((values == np.floor(values)).all())
    if not n_rows:
        return None
    if np.abs(values).max() >= LARGE:
        return "so large that they may be times or ids"
    if whole and values.min() >= YEARS[0] and values.max() <= YEARS[1] and values.max() > values.min():
        return "years, as it seems"
    if n_rows < 3:
        return None
    steps = np.diff(values)
    if whole and (steps == 1).all():
        return "a counter, as it seems"
    if (steps > 0).all() or (n_rows >= 5 and (steps >= 0).all() and len(np.unique(values)) >= 3):
        return "never falling, as a clock"
    ordered = np.sort(values)
    if whole and n_rows >= 5 and (np.diff(ordered) == 1).all():
        return "all different and without a gap, as ids are"
    return None
