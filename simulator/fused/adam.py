"""One step of Adam on the weights of one agent, in one pass over weights, gradients and moments."""

from __future__ import annotations

import numpy as np
from numba import njit

from hubbub.simulator.fused.gru import (
    ZERO,
)
from hubbub.simulator.fused.products import OPTIONS
from hubbub.simulator.fused.vectors import LANES, load_up_to, splat, square_root, store_up_to


@njit(**OPTIONS, inline="always")
def adam(n, learning_rate, updates, options, weights, gradients, first, second, at):
    """Make one step of Adam on `n` weights from `at` on, with their moments; the last of `updates` ones."""
    beta1, beta2, epsilon = options
    rate = splat(np.float32(learning_rate / (1 - beta1**updates)))
    scale = splat(np.float32(1 / np.sqrt(1 - beta2**updates)))
    keep1, keep2, small = splat(np.float32(beta1)), splat(np.float32(beta2)), splat(np.float32(epsilon))
    new1, new2 = splat(np.float32(1 - beta1)), splat(np.float32(1 - beta2))
    for j in range(0, n, LANES):
        i, left = at + j, n - j
        gradient = load_up_to(gradients, i, left, ZERO)
        moment1 = keep1 * load_up_to(first, i, left, ZERO) + new1 * gradient
        moment2 = keep2 * load_up_to(second, i, left, ZERO) + new2 * gradient * gradient
        store_up_to(first, i, left, moment1)
        store_up_to(second, i, left, moment2)
        change = rate * moment1 / (square_root(moment2) * scale + small)
        store_up_to(weights, i, left, load_up_to(weights, i, left, ZERO) - change)
