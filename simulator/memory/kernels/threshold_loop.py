"""Neurons with a threshold on a graph: those that fire speak to those that hear them."""

from __future__ import annotations

import numpy as np
from numba import njit

from hubbub.simulator.memory.kernels.words import bit, draw_flips, room, spin_words


@njit(cache=True)
def advance(
    states: np.ndarray,
    made: int,
    first: np.ndarray,
    targets: np.ndarray,
    threshold: int,
    firing_steps: int,
    silent_steps: int,
    noise_keys: np.ndarray,
    places: np.ndarray,
    activity: np.ndarray,
    turned_on: np.ndarray,
) -> None:
    """Change `states [C, D]` by the steps after the first `made` ones; cost O(D + links from neurons that fire)."""
    n_copies, n_neurons = states.shape
    full = spin_words(n_neurons)
    rng, sparks = room(full), np.zeros_like(full)
    heard = np.zeros(n_neurons, np.int32)
    firing = np.empty(n_neurons, np.int64)
    for copy in range(n_copies):
        state = states[copy]
        n_firing = 0
        for neuron in range(n_neurons):
            if state[neuron] > 0:
                firing[n_firing] = neuron
                n_firing += 1
        for column in range(activity.shape[1]):
            heard[:] = 0
            for speaker in firing[:n_firing]:
                for link in range(first[speaker], first[speaker + 1]):
                    heard[targets[link]] += 1
            draw_flips(noise_keys[copy], made + column, places[copy], full, rng, sparks)
            n_firing, n_turned_on = 0, 0
            for neuron in range(n_neurons):
                value = state[neuron]
                if value < -1:
                    state[neuron] = value + 1
                elif value >= firing_steps:
                    state[neuron] = -silent_steps
                elif heard[neuron] >= threshold or bit(sparks, neuron):
                    state[neuron] = max(value, 0) + 1
                    n_turned_on += value <= 0
                    firing[n_firing] = neuron
                    n_firing += 1
                else:
                    state[neuron] = 0
            activity[copy, column] = n_firing
            turned_on[copy, column] = n_turned_on
