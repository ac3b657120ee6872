"""The 2-body Hopfield memory as a loop over spins and the links into them."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel
from hubbub.simulator.memory.exact_fields import NO_FIELD
from hubbub.simulator.memory.kernels.observables import fill_products, record_step
from hubbub.simulator.memory.kernels.random_words import bit, draw_flips, draw_order, empty_words, spin_mask, uniform


@njit(inline="always")
def field_at(
    spin: int,
    spins: NDArray[np.int8],
    first: NDArray[np.int64],
    sources: NDArray[np.int64],
    strengths: NDArray[np.float64],
) -> float:
    """Return the field of a spin, 0 where it is too small to count."""
    field = 0.0
    for link in range(first[spin], first[spin + 1]):
        field += strengths[link] * spins[sources[link]]
    return 0.0 if abs(field) < NO_FIELD else field


@njit(inline="always")
def value_of(field: float, value: int, temperature: float, draw: float) -> int:
    """Return the new value of a spin in its field: by the draw when there is a temperature, else by the sign."""
    if temperature > 0:
        return 1 if draw < 1 / (1 + math.exp(-2 * field / temperature)) else -1
    if field == 0:
        return value
    return 1 if field > 0 else -1


@kernel(error_model="numpy")
def advance(
    states: NDArray[np.int8],
    made: int,
    first: NDArray[np.int64],
    sources: NDArray[np.int64],
    strengths: NDArray[np.float64],
    set_of: NDArray[np.int64],
    asynchronous: bool,
    is_thermal: bool,
    noise: NDArray[np.float64],
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
    """Change `states [C, D]` by the steps after the first `made` ones."""
    n_copies, n_spins = states.shape
    mask = spin_mask(n_spins)
    words, flips = empty_words(mask), np.zeros_like(mask)
    for copy in range(n_copies):
        spins, couplings, key = states[copy], strengths[set_of[copy]], noise_keys[copy]
        temperature = noise[copy] if is_thermal else 0.0
        n_compared = load[copy] if nearest.shape[1] else target + 1
        stored = patterns[repetition[copy], :n_compared]
        products = np.zeros(n_compared, np.int64)
        for column in range(activity.shape[1]):
            step = made + column
            before = spins.copy()
            if not is_thermal:
                draw_flips(key, step, noise_bits[copy], mask, words, flips)
            order = draw_order(order_keys[copy], step, n_spins) if asynchronous else np.arange(n_spins)
            for spin in order:
                field = field_at(spin, spins if asynchronous else before, first, sources, couplings)
                draw = uniform(key, step * n_spins + spin) if temperature > 0 else 0.0
                value = value_of(field, before[spin], temperature, draw)
                spins[spin] = -value if bit(flips, spin) else value  # at a temperature no bit is set
            fill_products(stored, spins, products)
            record_step(copy, column, before, spins, products, target, overlap, activity, turned_on, nearest)
