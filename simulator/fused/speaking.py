"""What speakers say: forward through all positions of their messages."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hubbub.simulator.fused.gru import (
    LOWEST,
    ONE,
    ZERO,
    Sizes,
    add_bias,
    copy,
    fill_table,
    largest,
    recur,
    renew,
    softmax,
)
from hubbub.simulator.fused.objects import encode
from hubbub.simulator.fused.products import OPTIONS, multiply
from hubbub.simulator.fused.vectors import LANES, load, load_up_to, splat, store, store_up_to
from hubbub.simulator.kernel_cache import kernel


class Speaking(NamedTuple):
    """How a speaker draws its symbols and learns from them."""

    relaxed: int
    """1: by the straight-through Gumbel-softmax; 0: by REINFORCE."""
    ends: int
    """1 where symbol 0 ends a message."""
    sharpness: np.float32
    """1 / temperature."""
    entropy_bonus: np.float32
    length_cost: np.float32


class Kept(NamedTuple):
    """Where the parts of what is kept of an exchange begin, until its speaker learns from it."""

    gates: int
    relaxed: int
    logs: int
    """Log-probabilities of the symbols, where they are needed."""
    size: int


def what_is_kept(sizes: Sizes, speaking: Speaking) -> Kept:
    """Return what is kept of an exchange: states, gates, and of every symbol the relaxed and the log-probabilities."""
    at, games = sizes.games * sizes.width, sizes.games * sizes.length
    gates = at * (sizes.length + 1)
    relaxed = gates + 4 * games * sizes.width
    logs = relaxed + speaking.relaxed * games * sizes.breadth
    needs_logs = not speaking.relaxed or speaking.entropy_bonus != 0
    return Kept(gates, relaxed, logs, logs + needs_logs * games * sizes.breadth)


@njit(**OPTIONS, inline="always")
def fill_log_probabilities(x, at, n, out, out_at):
    """Fill in log softmax(x) of `n` numbers."""
    top, _ = largest(x, at, n)
    shift = splat(np.float32(top + np.log(softmax(x, at, n, top, ONE, out, out_at))))
    for j in range(0, n, LANES):
        store_up_to(out, out_at + j, n - j, load_up_to(x, at + j, n - j, LOWEST) - shift)


@kernel(**OPTIONS)
def speak(sizes, places, speaking, kept_at, weights, rows, features, objects, noise, kept, messages, lengths):
    """Let row `rows[m]` of the weights `[n · P]` speak about `objects [M, G]`, and keep what it will learn from.

    Fills in `kept [M · size]`, `messages [M, G, L]` and `lengths [M, G]`. `features [R · F]`, `noise [L · M · G · V]`.
    """
    games, width, v, breadth = sizes.games, sizes.width, sizes.vocabulary, sizes.breadth
    table = np.empty((v + 1) * 3 * width, np.float32)
    recurrent, logits = np.empty(games * 3 * width, np.float32), np.empty(games * breadth, np.float32)
    seen, bias = np.empty(games * sizes.features, np.float32), np.empty(width, np.float32)
    fed, alive, always = np.empty(games, np.int64), np.empty(games, np.bool_), np.ones(games, np.bool_)
    block = games * width
    n_exchanges = len(rows)
    for m in range(n_exchanges):
        agent, own = rows[m] * sizes.parameters, m * kept_at.size
        if m == 0 or rows[m] != rows[m - 1]:
            fill_table(sizes, places, weights, agent, table)
        encode(sizes, places, weights, agent, features, objects[m], seen, kept, own)
        copy(sizes.hidden, weights, agent + places.candidate_bias, bias, 0)
        fed[:] = v
        alive[:] = True
        lengths[m] = 0
        for t in range(sizes.length):
            state, new = own + t * block, own + (t + 1) * block
            recur(sizes, places, weights, agent, kept, state, recurrent)
            gates = own + kept_at.gates + 4 * t * block
            renew(sizes, table, fed, recurrent, bias, kept, state, new, kept, gates, always, 0)
            multiply(
                games, v, sizes.hidden, kept, new, width, 1, weights, agent + places.emit, v, logits, 0, breadth, 0
            )
            add_bias(games, v, logits, 0, breadth, weights, agent + places.emit_bias)
            for game in range(games):
                x, position = game * breadth, (t * games + game) * breadth
                if kept_at.size > kept_at.logs:
                    fill_log_probabilities(logits, x, v, kept, own + kept_at.logs + position)
                drawn = ((t * n_exchanges + m) * games + game) * v
                for j in range(0, v, LANES):
                    noisy = load(logits, x + j) + load_up_to(noise, drawn + j, v - j, ZERO)
                    store(logits, x + j, noisy)
                top, symbol = largest(logits, x, v)
                if speaking.relaxed:
                    softmax(logits, x, v, top, speaking.sharpness, kept, own + kept_at.relaxed + position)
                fed[game] = symbol
                messages[m, game, t] = symbol if alive[game] else 0
                lengths[m, game] += alive[game]
                alive[game] &= not (speaking.ends and symbol == 0)
