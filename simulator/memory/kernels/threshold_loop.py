"""Neurons with a threshold on a graph, as a loop over the links from the neurons that fire."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel
from hubbub.simulator.memory.kernels.random_words import bit, draw_flips, empty_words, spin_mask


@kernel
def advance(
    states: NDArray[np.int8],
    made: int,
    first: NDArray[np.int64],
    targets: NDArray[np.int64],
    threshold: int,
    firing_steps: int,
    silent_steps: int,
    noise_keys: NDArray[np.uint64],
    noise_bits: NDArray[np.uint64],
    activity: NDArray[np.int64],
    turned_on: NDArray[np.int64],
) -> None:
    """Change `states [C, D]` by the steps after the first `made` ones; cost O(D + links from neurons that fire)."""
    n_copies, n_neurons = states.shape
    mask = spin_mask(n_neurons)
    words, spontaneous = empty_words(mask), np.zeros_like(mask)
    inputs = np.zeros(n_neurons, np.int32)
    firing = np.empty(n_neurons, np.int64)
    for copy in range(n_copies):
        state = states[copy]
        n_firing = 0
        for neuron in range(n_neurons):
            if state[neuron] > 0:
                firing[n_firing] = neuron
                n_firing += 1
        for column in range(activity.shape[1]):
            inputs[:] = 0
            for source in firing[:n_firing]:
                for link in range(first[source], first[source + 1]):
                    inputs[targets[link]] += 1
            draw_flips(noise_keys[copy], made + column, noise_bits[copy], mask, words, spontaneous)
            n_firing, n_turned_on = 0, 0
            for neuron in range(n_neurons):
                value = state[neuron]
                if value < -1:
                    state[neuron] = value + 1
                elif value >= firing_steps:
                    state[neuron] = -silent_steps
                elif inputs[neuron] >= threshold or bit(spontaneous, neuron):
                    state[neuron] = max(value, 0) + 1
                    n_turned_on += value <= 0
                    firing[n_firing] = neuron
                    n_firing += 1
                else:
                    state[neuron] = 0
            activity[copy, column] = n_firing
            turned_on[copy, column] = n_turned_on
