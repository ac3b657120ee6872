"""The one loop of this room that numpy cannot do fast, compiled by numba; import it where it is used."""

from __future__ import annotations

import numpy as np
from numba import njit

ROUNDING = 1e-12


@njit(cache=True, fastmath={"reassoc", "contract", "nsz", "arcp"})
def fill_window_variances(variances: np.ndarray, profile: np.ndarray, basis: np.ndarray) -> None:
    """Set `variances [W]` to those of the first W windows of a profile `[T]` after projection on `basis [k, lag]`.

    The basis is orthonormal. The first value of a window is taken off before squares are summed, so that little is
    lost to rounding where the profile is far from 0. What is left of a straight line is rounding, and set to 0.
    """
    order, lag = basis.shape
    # The result is handed in because the inner loops are not vectorised, six times slower, in a function that makes it.
    for window in range(len(variances)):
        start = window * lag
        origin = profile[start]
        total = 0.0
        for t in range(lag):
            away = profile[start + t] - origin
            total += away * away
        left = total
        for k in range(order):
            row = basis[k]
            along = 0.0
            for t in range(lag):
                along += row[t] * (profile[start + t] - origin)
            left -= along * along
        variances[window] = left / lag if left > ROUNDING * total else 0.0
