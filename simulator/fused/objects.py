"""The encoder of objects: a linear map and tanh."""

from __future__ import annotations

from numba import njit

from hubbub.simulator.fused.gru import (
    ONE,
    add_bias,
    add_columns,
    copy,
)
from hubbub.simulator.fused.products import OPTIONS, multiply
from hubbub.simulator.fused.vectors import LANES, load, splat, store, tanh


@njit(**OPTIONS, inline="always")
def encode(sizes, places, weights, agent, features, objects, seen, states, at):
    """Fill in the encoded `objects [U]`, `[U, width]`; `seen` is scratch for their features `[U, F]`."""
    f, hidden, width = sizes.features, sizes.hidden, sizes.width
    for i in range(len(objects)):
        copy(f, features, objects[i] * f, seen, i * f)
    start = agent + places.objects
    multiply(len(objects), hidden, f, seen, 0, f, 1, weights, start, hidden, states, at, width, 0)
    add_bias(len(objects), hidden, states, at, width, weights, agent + places.objects_bias)
    for i in range(0, len(objects) * width, LANES):
        store(states, at + i, tanh(load(states, at + i)))


@njit(**OPTIONS, inline="always")
def add_encoder_gradient(sizes, places, n, seen, states, at, of_states, gradients, agent):
    """Add the gradient of the object encoder from that of `n` encoded objects, which is changed."""
    f, hidden, width, one = sizes.features, sizes.hidden, sizes.width, splat(ONE)
    for i in range(0, n * width, LANES):
        state = load(states, at + i)
        store(of_states, i, load(of_states, i) * (one - state * state))
    start = agent + places.objects
    multiply(f, hidden, n, seen, 0, 1, f, of_states, 0, width, gradients, start, hidden, 1)
    add_columns(n, hidden, of_states, 0, width, gradients, agent + places.objects_bias)
