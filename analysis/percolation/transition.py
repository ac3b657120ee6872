"""When a learning curve rises."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubbub.analysis.crossing import crossing


def transition_step(steps: Sequence[float], values: Sequence[float], *, level: float) -> float:
    """Return the step at which a curve `values [T]` first rises through `level`; NaN where it does not.

    The curve is a running mean over three records (two at the ends), on straight lines between `steps [T]`.

    Raises
    ------
    ConfigurationError
        The steps do not ascend, or are not as many as the values.
    """
    heights = np.asarray(values, dtype=float)
    smooth = [float(heights[max(0, at - 1) : at + 2].mean()) for at in range(len(heights))]
    return crossing(steps, smooth, level=level)
