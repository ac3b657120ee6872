"""The one loop of this package that is slow in numpy, compiled by numba; import it where it is used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel

ROUNDING = 1e-12


@kernel(fastmath={"reassoc", "contract", "nsz", "arcp"})
def fill_window_variances(
    variances: NDArray[np.float64], profile: NDArray[np.float64], basis: NDArray[np.float64]
) -> None:
    """Set `variances [W]` to those of the first W windows of a profile `[T]` after projection on `basis [k, lag]`.

    The basis is orthonormal. The first value of a window is subtracted before squares are summed, which keeps rounding
    errors small where the profile is far from 0. Residuals of the size of rounding errors are set to 0. O(T k).
    """
    order, lag = basis.shape
    # The result is a parameter, because numba does not vectorise the inner loops where the function allocates it.
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
