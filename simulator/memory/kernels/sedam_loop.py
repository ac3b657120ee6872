"""The exponential memory as a loop over spins, synchronous or asynchronous."""

from __future__ import annotations

import numpy as np
from numba import njit

from hubbub.simulator.memory.kernels.notes import note, overlaps
from hubbub.simulator.memory.kernels.voices import COUNTING_LEVELS, TANH_1, WEIGHTS, weighed
from hubbub.simulator.memory.kernels.words import bit, draw_flips, draw_order, room, spin_words
from hubbub.simulator.memory.models.sedam import NEARLY_NO_FIELD


@njit
def settled(patterns: np.ndarray, products: np.ndarray, spin: int, value: int, voices: np.ndarray) -> int:
    """Return the value that a spin takes among the patterns `[K, D]` with which the state has these products."""
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
    voices[:] = 0
    for pattern in range(len(products)):
        level = (best - products[pattern]) // 2
        if patterns[pattern, spin] == value:
            voices[level + 1] += 1
        else:
            voices[level] -= 1
    return value if weighed(voices) >= 0 else -value


@njit(cache=True)
def advance(
    states: np.ndarray,
    made: int,
    patterns: np.ndarray,
    order_keys: np.ndarray,
    asynchronous: bool,
    noise_keys: np.ndarray,
    places: np.ndarray,
    repetition: np.ndarray,
    load: np.ndarray,
    target: int,
    overlap: np.ndarray,
    activity: np.ndarray,
    turned_on: np.ndarray,
    nearest: np.ndarray,
) -> None:
    """Change `states [C, D]` by the steps after the first `made` ones; patterns are `[repetitions, K, D]`."""
    n_copies, n_spins = states.shape
    full = spin_words(n_spins)
    rng, flips = room(full), np.zeros_like(full)
    voices = np.zeros(n_spins + 2, np.int64)
    for copy in range(n_copies):
        spins, stored = states[copy], patterns[repetition[copy], : load[copy]]
        products = np.zeros(len(stored), np.int64)
        overlaps(stored, spins, products)
        for column in range(activity.shape[1]):
            before = spins.copy()
            draw_flips(noise_keys[copy], made + column, places[copy], full, rng, flips)
            if asynchronous:
                for spin in draw_order(order_keys[copy], made + column, n_spins):
                    value = settled(stored, products, spin, spins[spin], voices)
                    value = -value if bit(flips, spin) else value
                    if value != spins[spin]:
                        spins[spin] = value
                        for pattern in range(len(stored)):
                            products[pattern] += 2 * value * stored[pattern, spin]
            else:
                for spin in range(n_spins):
                    value = settled(stored, products, spin, before[spin], voices)
                    spins[spin] = -value if bit(flips, spin) else value
                overlaps(stored, spins, products)
            note(copy, column, before, spins, products, target, overlap, activity, turned_on, nearest)
