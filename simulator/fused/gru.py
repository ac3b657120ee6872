"""Parts of the fused step of a GRU: gates, their derivative, the table of symbols; one exchange at a time.

Letters: G games, H hidden units, V symbols, E embedding. Rows of scratch arrays are as wide as whole registers: `width`
numbers for H, `breadth` for V. What lies beyond H or V in a row is never used.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hubbub.simulator.fused.products import OPTIONS, multiply, transpose
from hubbub.simulator.fused.vectors import (
    LANES,
    exponential,
    first_lane_with,
    larger,
    largest_of,
    load,
    load_up_to,
    sigmoid,
    splat,
    store,
    store_up_to,
    sum_of,
    tanh,
)

ONE = np.float32(1)
ZERO = np.float32(0)
LOWEST = np.float32(-np.inf)


class Sizes(NamedTuple):
    """What is the same for all exchanges of a step."""

    features: int
    hidden: int
    width: int
    vocabulary: int
    breadth: int
    embedding: int
    span: int
    """As `width`, for E."""
    length: int
    games: int
    parameters: int
    """P: weights of one agent."""


class Places(NamedTuple):
    """Where the weights of one role begin in those of an agent; a role does not use all of them."""

    objects: int = 0
    objects_bias: int = 0
    symbols: int = 0
    inputs: int = 0
    inputs_bias: int = 0
    recurrent: int = 0
    candidate_bias: int = 0
    emit: int = 0
    emit_bias: int = 0
    name: int = 0
    name_bias: int = 0


def padded(n: int) -> int:
    """Return the numbers in as many whole registers as hold `n`."""
    return -(-n // LANES) * LANES


@njit(**OPTIONS, inline="always")
def copy(n, a, a_at, b, b_at):
    """Write `n` numbers of A to B."""
    for i in range(n):
        b[b_at + i] = a[a_at + i]


@njit(**OPTIONS)
def add_columns(rows, columns, a, a_at, a_row, out, out_at):
    """Add the sums of the columns of A to a row."""
    for column in range(0, columns, LANES):
        n = columns - column
        total = load_up_to(out, out_at + column, n, ZERO)
        for row in range(rows):
            total = total + load_up_to(a, a_at + row * a_row + column, n, ZERO)
        store_up_to(out, out_at + column, n, total)


@njit(**OPTIONS)
def add_bias(rows, columns, a, a_at, a_row, bias, bias_at):
    """Add a row to every row of A."""
    for column in range(0, columns, LANES):
        added = load_up_to(bias, bias_at + column, columns - column, ZERO)
        for row in range(rows):
            at = a_at + row * a_row + column
            store(a, at, load(a, at) + added)


@njit(**OPTIONS, inline="always")
def into_gates(
    rows, depth, a, a_at, a_row, a_column, b, b_at, b_row, b_gate, c, c_at, c_row, c_gate, gates, hidden, adding
):
    """Multiply A into the columns of some gates, which lie `b_gate` apart in B and `c_gate` apart in C."""
    if b_gate == hidden and c_gate == hidden:
        multiply(rows, gates * hidden, depth, a, a_at, a_row, a_column, b, b_at, b_row, c, c_at, c_row, adding)
    else:
        for gate in range(gates):
            of_b, of_c = b_at + gate * b_gate, c_at + gate * c_gate
            multiply(rows, hidden, depth, a, a_at, a_row, a_column, b, of_b, b_row, c, of_c, c_row, adding)


@njit(**OPTIONS, inline="always")
def out_of_gates(sizes, columns, derivatives, at, b, b_row, c, c_at, c_row, adding):
    """Multiply the derivatives of three gates, from `at` on, by the rows of B, `hidden` for each gate."""
    hidden, width = sizes.hidden, sizes.width
    if hidden == width:
        multiply(sizes.games, columns, 3 * hidden, derivatives, at, 4 * width, 1, b, 0, b_row, c, c_at, c_row, adding)
    else:
        for gate in range(3):
            add = 1 if gate else adding
            of_a, of_b = at + gate * width, gate * hidden * b_row
            multiply(sizes.games, columns, hidden, derivatives, of_a, 4 * width, 1, b, of_b, b_row, c, c_at, c_row, add)


@njit(**OPTIONS, inline="always")
def fill_table(sizes, places, weights, agent, table):
    """Fill in what every symbol adds to the gates, `[V + 1, 3 · width]`: reset, update, candidate."""
    hidden, width, rows = sizes.hidden, sizes.width, sizes.vocabulary + 1
    symbols, inputs = agent + places.symbols, agent + places.inputs
    depth = sizes.embedding
    into_gates(
        rows,
        depth,
        weights,
        symbols,
        depth,
        1,
        weights,
        inputs,
        3 * hidden,
        hidden,
        table,
        0,
        3 * width,
        width,
        3,
        hidden,
        0,
    )
    for gate in range(3):
        bias = agent + places.inputs_bias + gate * hidden
        add_bias(rows, hidden, table, gate * width, 3 * width, weights, bias)


@njit(**OPTIONS)
def add_table_gradient(sizes, places, weights, agent, of_table, turned, gradients):
    """Add the gradient that came to the table to those of symbols and inputs; `turned` is scratch `[3H, span]`."""
    hidden, width, rows, depth = sizes.hidden, sizes.width, sizes.vocabulary + 1, sizes.embedding
    symbols, inputs, span = agent + places.symbols, agent + places.inputs, sizes.span
    transpose(depth, 3 * hidden, weights, inputs, 3 * hidden, turned, 0, span)
    for gate in range(3):
        of_a, of_b = gate * width, gate * hidden * span
        multiply(rows, depth, hidden, of_table, of_a, 3 * width, 1, turned, of_b, span, gradients, symbols, depth, 1)
        add_columns(rows, hidden, of_table, of_a, 3 * width, gradients, agent + places.inputs_bias + gate * hidden)
    into_gates(
        depth,
        rows,
        weights,
        symbols,
        1,
        depth,
        of_table,
        0,
        3 * width,
        width,
        gradients,
        inputs,
        3 * hidden,
        hidden,
        3,
        hidden,
        1,
    )


@njit(**OPTIONS, inline="always")
def turn_recurrent(sizes, places, weights, agent, turned):
    """Fill in the transposed recurrent weights `[3H, width]`: candidate, reset, update, as derivatives are kept."""
    hidden, start = sizes.hidden, agent + places.recurrent
    for gate in range(3):
        column = (gate + 2) % 3 * hidden
        transpose(hidden, hidden, weights, start + column, 3 * hidden, turned, gate * hidden * sizes.width, sizes.width)


@njit(**OPTIONS, inline="always")
def turn_table(sizes, table, turned):
    """Fill in the transposed table `[3H, breadth]`, without the start symbol."""
    for gate in range(3):
        into = gate * sizes.hidden * sizes.breadth
        transpose(
            sizes.vocabulary, sizes.hidden, table, gate * sizes.width, 3 * sizes.width, turned, into, sizes.breadth
        )


@njit(**OPTIONS, inline="always")
def recur_rows(rows, sizes, places, weights, agent, states, recurrent):
    """Fill in the part of the gates `[rows, 3 · width]` of the first states."""
    h, width, start = sizes.hidden, sizes.width, agent + places.recurrent
    into_gates(rows, h, states, 0, width, 1, weights, start, 3 * h, h, recurrent, 0, 3 * width, width, 3, h, 0)


@njit(**OPTIONS, inline="always")
def recur(sizes, places, weights, agent, states, at, recurrent):
    """Fill in the states' part of the gates `[G, 3 · width]`, without the bias."""
    h, width, start = sizes.hidden, sizes.width, agent + places.recurrent
    into_gates(sizes.games, h, states, at, width, 1, weights, start, 3 * h, h, recurrent, 0, 3 * width, width, 3, h, 0)


@njit(**OPTIONS)
def renew(sizes, table, symbols, recurrent, bias, states, at, new_at, kept, kept_at, alive, alive_at):
    """Fill in the next states `[G, width]`, and keep reset, update, candidate and the candidate's recurrent part.

    `symbols [G]` are those that are fed. Games that are not `alive` keep their state.
    """
    width = sizes.width
    for game in range(sizes.games):
        old, new = at + game * width, new_at + game * width
        if not alive[alive_at + game]:
            for unit in range(0, width, LANES):
                store(states, new + unit, load(states, old + unit))
            continue
        fed, own, keep = symbols[game] * 3 * width, game * 3 * width, kept_at + game * 4 * width
        for unit in range(0, width, LANES):
            reset = sigmoid(load(table, fed + unit) + load(recurrent, own + unit))
            update = sigmoid(load(table, fed + width + unit) + load(recurrent, own + width + unit))
            inside = load(recurrent, own + 2 * width + unit) + load(bias, unit)
            candidate = tanh(load(table, fed + 2 * width + unit) + reset * inside)
            state = load(states, old + unit)
            store(kept, keep + unit, reset)
            store(kept, keep + width + unit, update)
            store(kept, keep + 2 * width + unit, candidate)
            store(kept, keep + 3 * width + unit, inside)
            store(states, new + unit, candidate + update * (state - candidate))


@njit(**OPTIONS)
def renew_backwards(sizes, of_state, states, at, kept, kept_at, derivatives, to, alive, alive_at):
    """Turn the gradient of the new states into that of the old ones, less what passes through the recurrent weights.

    Fills in the derivatives `[G, 4 · width]`: candidate's recurrent part, reset, update, candidate. Games that are
    not `alive` kept their state.
    """
    width, one, zero = sizes.width, splat(ONE), splat(ZERO)
    for game in range(sizes.games):
        row, out = game * width, to + game * 4 * width
        if not alive[alive_at + game]:
            for unit in range(0, 4 * width, LANES):
                store(derivatives, out + unit, zero)
            continue
        keep = kept_at + game * 4 * width
        for unit in range(0, width, LANES):
            gradient, state = load(of_state, row + unit), load(states, at + row + unit)
            reset, update = load(kept, keep + unit), load(kept, keep + width + unit)
            candidate, inside = load(kept, keep + 2 * width + unit), load(kept, keep + 3 * width + unit)
            of_candidate = gradient * (one - update) * (one - candidate * candidate)
            store(derivatives, out + unit, of_candidate * reset)
            store(derivatives, out + width + unit, of_candidate * inside * reset * (one - reset))
            store(derivatives, out + 2 * width + unit, gradient * (state - candidate) * update * (one - update))
            store(derivatives, out + 3 * width + unit, of_candidate)
            store(of_state, row + unit, gradient * update)


@njit(**OPTIONS)
def add_to_table(sizes, of_table, symbols, derivatives, at, alive, alive_at):
    """Add the derivatives of the gates of games that are `alive` to the rows of the symbols fed."""
    width = sizes.width
    for game in range(sizes.games):
        if alive[alive_at + game]:
            row, own = symbols[game] * 3 * width, at + game * 4 * width + width
            for unit in range(0, 3 * width, LANES):
                store(of_table, row + unit, load(of_table, row + unit) + load(derivatives, own + unit))


@njit(**OPTIONS, inline="always")
def add_recurrent_gradient(sizes, places, rows, states, at, derivatives, d_at, gradients, agent):
    """Add the gradient of the recurrent weights over `rows` games of all positions at once."""
    h, width, start = sizes.hidden, sizes.width, agent + places.recurrent
    into_gates(
        h, rows, states, at, 1, width, derivatives, d_at + width, 4 * width, width, gradients, start, 3 * h, h, 2, h, 1
    )
    multiply(h, h, rows, states, at, 1, width, derivatives, d_at, 4 * width, gradients, start + 2 * h, 3 * h, 1)


@njit(**OPTIONS)
def largest(x, at, n):
    """Return the largest of `n` numbers and its first place."""
    found = splat(LOWEST)
    for j in range(0, n, LANES):
        found = larger(found, load_up_to(x, at + j, n - j, LOWEST))
    top, place = largest_of(found), 0
    for j in range(0, n, LANES):
        lane = first_lane_with(load_up_to(x, at + j, n - j, LOWEST), top)
        if lane < LANES:
            place = j + lane
            break
    return top, place


@njit(**OPTIONS)
def softmax(x, at, n, top, scale, out, out_at):
    """Fill in softmax(x · scale) of `n` numbers whose largest is `top`, and return the sum of the exponentials."""
    largest_, factor, total = splat(top), splat(scale), splat(ZERO)
    for j in range(0, n, LANES):
        store_up_to(out, out_at + j, n - j, exponential((load_up_to(x, at + j, n - j, LOWEST) - largest_) * factor))
        total = total + load_up_to(out, out_at + j, n - j, ZERO)
    sum_ = sum_of(total)
    share = splat(ONE / sum_)
    for j in range(0, n, LANES):
        store_up_to(out, out_at + j, n - j, load_up_to(out, out_at + j, n - j, ZERO) * share)
    return sum_
