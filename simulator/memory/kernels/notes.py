"""What the compiled loops over spins note after a step."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit
def overlaps(patterns: np.ndarray, spins: np.ndarray, products: np.ndarray) -> None:
    """Fill in the products of the spins `[D]` with the patterns `[K, D]`."""
    for pattern in range(len(products)):
        product = np.int64(0)
        for spin in range(len(spins)):
            product += np.int64(patterns[pattern, spin]) * np.int64(spins[spin])
        products[pattern] = product


@njit
def note(
    copy: int,
    column: int,
    before: np.ndarray,
    spins: np.ndarray,
    products: np.ndarray,
    target: int,
    overlap: np.ndarray,
    activity: np.ndarray,
    turned_on: np.ndarray,
    nearest: np.ndarray,
) -> None:
    """Note one step of one copy: states `[D]` before and after it, and its products with the patterns `[K]`."""
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
