"""Whether a curve has reached a plateau."""

from __future__ import annotations

import numpy as np


def late_change(steps: np.ndarray, values: np.ndarray) -> float:
    """Return how much `values [T]` change in the last fifth of `steps [T]`: its mean minus that of the fifth before."""
    span = steps[-1] - steps[0]
    last, before = steps > steps[-1] - span / 5, steps > steps[-1] - 2 * span / 5
    return float(values[last].mean() - values[before & ~last].mean())
