"""The step of a transition in a learning curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.analysis.validation import MAY_BE_NAN, validated


@validated(values=MAY_BE_NAN)
def transition_step(steps: Sequence[float], values: Sequence[float], *, level: float) -> float:
    """Return the step at which a curve `values [T]` first rises through `level`; NaN where it does not, or one
    of the values is not finite.

    The curve is a moving average over three values (two at the ends), interpolated linearly between `steps [T]`.

    Raises
    ------
    ConfigurationError
        The steps do not ascend, or their number is not that of the values.
    """
    heights = np.asarray(values, dtype=float)
    smooth = [float(heights[max(0, at - 1) : at + 2].mean()) for at in range(len(heights))]
    return crossing(steps, smooth, level=level)
