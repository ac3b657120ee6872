"""The dense memory of order n as a loop over spins."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel
from hubbub.simulator.memory.kernels.observables import fill_products, record_step
from hubbub.simulator.memory.kernels.random_words import bit, draw_flips, draw_order, empty_words, spin_mask


@njit
def new_value(
    patterns: NDArray[np.int8],
    products: NDArray[np.int64],
    slopes: NDArray[np.float64],
    curvatures: NDArray[np.float64],
    spin: int,
    value: int,
) -> int:
    """Return the new value of a spin with this `value`, in a state with these products with the patterns `[K, D]`."""
    n_spins = patterns.shape[1]
    field = 0.0
    for pattern in range(len(products)):
        at = products[pattern] + n_spins
        field += slopes[at] * patterns[pattern, spin] - curvatures[at] * value
    if field == 0:
        return value
    return 1 if field > 0 else -1


@kernel
def advance(
    states: NDArray[np.int8],
    made: int,
    slopes: NDArray[np.float64],
    curvatures: NDArray[np.float64],
    asynchronous: bool,
    noise_bits: NDArray[np.uint64],
    noise_keys: NDArray[np.uint64],
    order_keys: NDArray[np.uint64],
    patterns: NDArray[np.int8],
    repetition: NDArray[np.int64],
    load: NDArray[np.int64],
    target: int,
    overlap: NDArray[np.float64],
    activity: NDArray[np.int64],
    turned_on: NDArray[np.int64],
    nearest: NDArray[np.int64],
) -> None:
    """Change `states [C, D]` by the steps after the first `made` ones; patterns are `[repetitions, K, D]`."""
    n_copies, n_spins = states.shape
    mask = spin_mask(n_spins)
    words, flips = empty_words(mask), np.zeros_like(mask)
    for copy in range(n_copies):
        spins, stored = states[copy], patterns[repetition[copy], : load[copy]]
        products = np.zeros(len(stored), np.int64)
        fill_products(stored, spins, products)
        for column in range(activity.shape[1]):
            before = spins.copy()
            draw_flips(noise_keys[copy], made + column, noise_bits[copy], mask, words, flips)
            order = draw_order(order_keys[copy], made + column, n_spins) if asynchronous else np.arange(n_spins)
            for spin in order:
                value = new_value(stored, products, slopes, curvatures, spin, before[spin])
                spins[spin] = -value if bit(flips, spin) else value
                if asynchronous and spins[spin] != before[spin]:
                    for pattern in range(len(stored)):
                        products[pattern] += 2 * spins[spin] * stored[pattern, spin]
            if not asynchronous:
                fill_products(stored, spins, products)
            record_step(copy, column, before, spins, products, target, overlap, activity, turned_on, nearest)
