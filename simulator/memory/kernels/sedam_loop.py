"""The exponential memory as a loop over spins, synchronous or asynchronous."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel
from hubbub.simulator.memory.exact_fields import NEARLY_NO_FIELD
from hubbub.simulator.memory.kernels.level_counts import COUNTING_LEVELS, TANH_1, WEIGHTS, sign_of_weighted_sum
from hubbub.simulator.memory.kernels.observables import fill_products, record_step
from hubbub.simulator.memory.kernels.random_words import bit, draw_flips, draw_order, empty_words, spin_mask


@njit
def new_value(
    patterns: NDArray[np.int8], products: NDArray[np.int64], spin: int, value: int, counts: NDArray[np.int64]
) -> int:
    """Return the new value of a spin with this `value`, in a state with these products with the patterns `[K, D]`.

    `counts [levels]` is memory for the exact decision.
    """
    best = products.max()
    total, field = 0.0, 0.0
    for pattern in range(len(products)):
        level = (best - products[pattern]) // 2
        if level < COUNTING_LEVELS:
            total += WEIGHTS[level]
            field += WEIGHTS[level] * patterns[pattern, spin]
    field -= TANH_1 * total * value
    if abs(field) > NEARLY_NO_FIELD:
        return 1 if field > 0 else -1
    counts[:] = 0
    for pattern in range(len(products)):
        level = (best - products[pattern]) // 2
        if patterns[pattern, spin] == value:
            counts[level + 1] += 1
        else:
            counts[level] -= 1
    return value if sign_of_weighted_sum(counts) >= 0 else -value


@kernel
def advance(
    states: NDArray[np.int8],
    made: int,
    patterns: NDArray[np.int8],
    order_keys: NDArray[np.uint64],
    asynchronous: bool,
    noise_keys: NDArray[np.uint64],
    noise_bits: NDArray[np.uint64],
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
    counts = np.zeros(n_spins + 2, np.int64)
    for copy in range(n_copies):
        spins, stored = states[copy], patterns[repetition[copy], : load[copy]]
        products = np.zeros(len(stored), np.int64)
        fill_products(stored, spins, products)
        for column in range(activity.shape[1]):
            before = spins.copy()
            draw_flips(noise_keys[copy], made + column, noise_bits[copy], mask, words, flips)
            if asynchronous:
                for spin in draw_order(order_keys[copy], made + column, n_spins):
                    value = new_value(stored, products, spin, spins[spin], counts)
                    value = -value if bit(flips, spin) else value
                    if value != spins[spin]:
                        spins[spin] = value
                        for pattern in range(len(stored)):
                            products[pattern] += 2 * value * stored[pattern, spin]
            else:
                for spin in range(n_spins):
                    value = new_value(stored, products, spin, before[spin], counts)
                    spins[spin] = -value if bit(flips, spin) else value
                fill_products(stored, spins, products)
            record_step(copy, column, before, spins, products, target, overlap, activity, turned_on, nearest)
