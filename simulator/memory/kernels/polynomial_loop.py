"""The dense memory of order n as a loop over spins."""

from __future__ import annotations

import numpy as np
from numba import njit

from hubbub.simulator.memory.kernels.notes import note, overlaps
from hubbub.simulator.memory.kernels.words import bit, draw_flips, draw_order, room, spin_words


@njit
def settled(
    patterns: np.ndarray, products: np.ndarray, pulls: np.ndarray, bends: np.ndarray, spin: int, value: int
) -> int:
    """Return the value that a spin takes among the patterns `[K, D]` with which the state has these products."""
    n_spins = patterns.shape[1]
    field = 0.0
    for pattern in range(len(products)):
        at = products[pattern] + n_spins
        field += pulls[at] * patterns[pattern, spin] - bends[at] * value
    if field == 0:
        return value
    return 1 if field > 0 else -1


@njit(cache=True)
def advance(
    states: np.ndarray,
    made: int,
    pulls: np.ndarray,
    bends: np.ndarray,
    asynchronous: bool,
    places: np.ndarray,
    noise_keys: np.ndarray,
    order_keys: np.ndarray,
    patterns: np.ndarray,
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
    for copy in range(n_copies):
        spins, stored = states[copy], patterns[repetition[copy], : load[copy]]
        products = np.zeros(len(stored), np.int64)
        overlaps(stored, spins, products)
        for column in range(activity.shape[1]):
            before = spins.copy()
            draw_flips(noise_keys[copy], made + column, places[copy], full, rng, flips)
            order = draw_order(order_keys[copy], made + column, n_spins) if asynchronous else np.arange(n_spins)
            for spin in order:
                value = settled(stored, products, pulls, bends, spin, before[spin])
                spins[spin] = -value if bit(flips, spin) else value
                if asynchronous and spins[spin] != before[spin]:
                    for pattern in range(len(stored)):
                        products[pattern] += 2 * spins[spin] * stored[pattern, spin]
            if not asynchronous:
                overlaps(stored, spins, products)
            note(copy, column, before, spins, products, target, overlap, activity, turned_on, nearest)
