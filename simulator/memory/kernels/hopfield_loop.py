"""The 2-body Hopfield memory as a loop over spins and the links into them."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hubbub.simulator.memory.couplings import NO_FIELD
from hubbub.simulator.memory.kernels.notes import note, overlaps
from hubbub.simulator.memory.kernels.words import bit, draw_flips, draw_order, room, spin_words, uniform


@njit(inline="always")
def field_at(spin: int, spins: np.ndarray, first: np.ndarray, sources: np.ndarray, strengths: np.ndarray) -> float:
    """Return the field of a spin, 0 where it is too small to be one."""
    field = 0.0
    for link in range(first[spin], first[spin + 1]):
        field += strengths[link] * spins[sources[link]]
    return 0.0 if abs(field) < NO_FIELD else field


@njit(inline="always")
def value_of(field: float, value: int, temperature: float, draw: float) -> int:
    """Return what a spin becomes in its field: by the draw when there is a temperature, else by the sign."""
    if temperature > 0:
        return 1 if draw < 1 / (1 + math.exp(-2 * field / temperature)) else -1
    if field == 0:
        return value
    return 1 if field > 0 else -1


@njit(cache=True, error_model="numpy")
def advance(
    states: np.ndarray,
    made: int,
    first: np.ndarray,
    sources: np.ndarray,
    strengths: np.ndarray,
    set_of: np.ndarray,
    asynchronous: bool,
    heated: bool,
    noise: np.ndarray,
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
    """Change `states [C, D]` by the steps after the first `made` ones."""
    n_copies, n_spins = states.shape
    full = spin_words(n_spins)
    rng, flips = room(full), np.zeros_like(full)
    for copy in range(n_copies):
        spins, pulls, key = states[copy], strengths[set_of[copy]], noise_keys[copy]
        temperature = noise[copy] if heated else 0.0
        known = load[copy] if nearest.shape[1] else target + 1
        stored = patterns[repetition[copy], :known]
        products = np.zeros(known, np.int64)
        for column in range(activity.shape[1]):
            step = made + column
            before = spins.copy()
            if not heated:
                draw_flips(key, step, places[copy], full, rng, flips)
            order = draw_order(order_keys[copy], step, n_spins) if asynchronous else np.arange(n_spins)
            for spin in order:
                field = field_at(spin, spins if asynchronous else before, first, sources, pulls)
                draw = uniform(key, step * n_spins + spin) if temperature > 0 else 0.0
                value = value_of(field, before[spin], temperature, draw)
                spins[spin] = -value if bit(flips, spin) else value  # none are drawn at a temperature
            overlaps(stored, spins, products)
            note(copy, column, before, spins, products, target, overlap, activity, turned_on, nearest)
