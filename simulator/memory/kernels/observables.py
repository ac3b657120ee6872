"""What the compiled loops over spins record after a step."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit
def fill_products(patterns: NDArray[np.int8], spins: NDArray[np.int8], products: NDArray[np.int64]) -> None:
    """Fill in the products ξ^μ·σ of the spins `[D]` with the patterns `[K, D]`."""
    for pattern in range(len(products)):
        product = np.int64(0)
        for spin in range(len(spins)):
            product += np.int64(patterns[pattern, spin]) * np.int64(spins[spin])
        products[pattern] = product


@njit
def record_step(
    copy: int,
    column: int,
    before: NDArray[np.int8],
    spins: NDArray[np.int8],
    products: NDArray[np.int64],
    target: int,
    overlap: NDArray[np.float64],
    activity: NDArray[np.int64],
    turned_on: NDArray[np.int64],
    nearest: NDArray[np.int64],
) -> None:
    """Record one step of one copy from its states `[D]` before and after, and its products with the patterns `[K]`."""
    n_on, n_turned_on = 0, 0
    for spin in range(len(spins)):
        on = spins[spin] > 0
        n_on += on
        n_turned_on += on and before[spin] <= 0
    activity[copy, column] = n_on
    turned_on[copy, column] = n_turned_on
    overlap[copy, column] = products[target]
    if nearest.shape[1]:
        nearest[copy, column] = np.argmax(products)
