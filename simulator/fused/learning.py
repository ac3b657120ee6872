"""What speakers learn from the feedback, backwards through their messages, and the update of all that took part."""

from __future__ import annotations

import numpy as np
from numba import njit

from hubbub.simulator.fused.adam import adam
from hubbub.simulator.fused.gru import (
    LOWEST,
    ZERO,
    add_columns,
    add_recurrent_gradient,
    add_table_gradient,
    add_to_table,
    copy,
    fill_table,
    out_of_gates,
    renew_backwards,
    turn_recurrent,
    turn_table,
)
from hubbub.simulator.fused.objects import add_encoder_gradient
from hubbub.simulator.fused.products import OPTIONS, multiply, transpose
from hubbub.simulator.fused.vectors import LANES, exponential, load, load_up_to, splat, store, store_up_to, sum_of
from hubbub.simulator.kernel_cache import kernel


@njit(**OPTIONS, inline="always")
def fill_length_gradient(length, games, cost, lengths, message, gradient):
    """Fill in the gradient of the expected lengths, Σ over positions of Π (1 − x₀), with respect to x₀, `[G, L]`.

    x₀ is the relaxed symbol 0 of a position: 1 where it was said, 0 elsewhere.
    """
    gradient[:] = 0
    for game in range(games):
        said = lengths[game]
        ended = message[game, said - 1] == 0
        for t in range(said):
            follow = said - 1 - t if ended and t < said - 1 else length - 1 - t
            gradient[game, t] = -cost / np.float32(games) * np.float32(follow)


@njit(**OPTIONS)
def of_symbols(sizes, speaking, kept, relaxed, logs, pull, at_zero, symbol, alive, x, at):
    """Turn the gradient with respect to a relaxed symbol, `x [V]`, into that with respect to its logits.

    With REINFORCE `x` is 0 and `pull` is the advantage over G; `at_zero` is added to the gradient of symbol 0.
    """
    v = sizes.vocabulary
    if speaking.relaxed:
        x[at] += at_zero
        total = splat(ZERO)
        for j in range(0, v, LANES):
            total = total + load_up_to(x, at + j, v - j, ZERO) * load_up_to(kept, relaxed + j, v - j, ZERO)
        mean, sharp = splat(sum_of(total)), splat(speaking.sharpness)
        for j in range(0, v, LANES):
            share = load_up_to(kept, relaxed + j, v - j, ZERO)
            store_up_to(x, at + j, v - j, share * (load_up_to(x, at + j, v - j, ZERO) - mean) * sharp)
    elif alive:
        for j in range(0, v, LANES):
            chance = exponential(load_up_to(kept, logs + j, v - j, LOWEST))
            store_up_to(x, at + j, v - j, chance * splat(pull))
        x[at + symbol] -= pull
    if alive and speaking.entropy_bonus != ZERO:
        total = splat(ZERO)
        for j in range(0, v, LANES):
            log = load_up_to(kept, logs + j, v - j, ZERO)
            total = total + exponential(load_up_to(kept, logs + j, v - j, LOWEST)) * log
        entropy, bonus = splat(-sum_of(total)), splat(speaking.entropy_bonus / np.float32(sizes.games))
        for j in range(0, v, LANES):
            log = load_up_to(kept, logs + j, v - j, ZERO)
            chance = exponential(load_up_to(kept, logs + j, v - j, LOWEST))
            store_up_to(x, at + j, v - j, load_up_to(x, at + j, v - j, ZERO) + bonus * chance * (log + entropy))


@kernel(**OPTIONS)
def learn(
    sizes,
    places,
    speaking,
    kept_at,
    optimiser,
    weights,
    rows,
    starts,
    has_heard,
    features,
    objects,
    kept,
    messages,
    lengths,
    of_messages,
    pulls,
    gradients,
    first,
    second,
    updates,
    rates,
):
    """Let all agents that took part learn: finish their gradients, and update their weights and moments `[n · P]`.

    Agent i is row `rows[i]`; as a speaker it has the exchanges `starts[i] … starts[i + 1] − 1`. The row of `gradients`
    holds what it learned as a listener where `has_heard[i]`, and anything elsewhere. `of_messages [M · G · L · V]` is
    the gradient of the relaxed messages; with REINFORCE `pulls [M, G]`, the advantages over G, are used instead.
    """
    games, width, v, breadth, length = sizes.games, sizes.width, sizes.vocabulary, sizes.breadth, sizes.length
    h, block, f, n = sizes.hidden, games * width, sizes.features, sizes.parameters
    table, of_table = np.empty((v + 1) * 3 * width, np.float32), np.empty((v + 1) * 3 * width, np.float32)
    turned, turned_table = np.empty(3 * h * width, np.float32), np.empty(3 * h * breadth, np.float32)
    turned_emit, turned_inputs = np.empty(v * width, np.float32), np.empty(3 * h * sizes.span, np.float32)
    derivatives, of_logits = np.empty(4 * length * block, np.float32), np.empty(length * games * breadth, np.float32)
    of_state, seen = np.empty(block, np.float32), np.empty(games * f, np.float32)
    fed, alive, always = np.empty(games, np.int64), np.empty(games, np.bool_), np.ones(games, np.bool_)
    of_lengths = np.zeros((games, length), np.float32)
    for i in range(len(rows)):
        agent = rows[i] * n
        if not has_heard[i]:
            gradients[agent : agent + n] = 0
        if starts[i] < starts[i + 1]:
            of_table[:] = 0
            turn_recurrent(sizes, places, weights, agent, turned)
            transpose(h, v, weights, agent + places.emit, v, turned_emit, 0, width)
            if speaking.relaxed:
                fill_table(sizes, places, weights, agent, table)
                turn_table(sizes, table, turned_table)
            for m in range(starts[i], starts[i + 1]):
                own = m * kept_at.size
                of_state[:] = 0
                if speaking.relaxed and speaking.ends and speaking.length_cost != ZERO:
                    fill_length_gradient(length, games, speaking.length_cost, lengths[m], messages[m], of_lengths)
                for t in range(length - 1, -1, -1):
                    at, to = t * games * breadth, 4 * t * block
                    if speaking.relaxed and t < length - 1:
                        later = to + 4 * block + width
                        out_of_gates(sizes, v, derivatives, later, turned_table, breadth, of_logits, at, breadth, 0)
                    else:
                        of_logits[at : at + games * breadth] = 0
                    for game in range(games):
                        alive[game] = t < lengths[m, game]
                        fed[game] = messages[m, game, t - 1] if t else v
                        x, position = at + game * breadth, (t * games + game) * breadth
                        if speaking.relaxed and alive[game]:
                            for j in range(0, v, LANES):
                                came = ((m * games + game) * length + t) * v + j
                                total = load(of_logits, x + j) + load_up_to(of_messages, came, v - j, ZERO)
                                store(of_logits, x + j, total)
                        relaxed, logs = own + kept_at.relaxed + position, own + kept_at.logs + position
                        pull, symbol, at_zero = pulls[m, game], messages[m, game, t], of_lengths[game, t]
                        of_symbols(
                            sizes, speaking, kept, relaxed, logs, pull, at_zero, symbol, alive[game], of_logits, x
                        )
                    multiply(games, h, v, of_logits, at, breadth, 1, turned_emit, 0, width, of_state, 0, width, 1)
                    gates = own + kept_at.gates + 4 * t * block
                    renew_backwards(sizes, of_state, kept, own + t * block, kept, gates, derivatives, to, always, 0)
                    out_of_gates(sizes, h, derivatives, to, turned, width, of_state, 0, width, 1)
                    add_to_table(sizes, of_table, fed, derivatives, to, always, 0)
                all_games, emit = length * games, agent + places.emit
                multiply(h, v, all_games, kept, own + block, 1, width, of_logits, 0, breadth, gradients, emit, v, 1)
                add_columns(all_games, v, of_logits, 0, breadth, gradients, agent + places.emit_bias)
                add_recurrent_gradient(sizes, places, all_games, kept, own, derivatives, 0, gradients, agent)
                add_columns(all_games, h, derivatives, 0, 4 * width, gradients, agent + places.candidate_bias)
                for game in range(games):
                    copy(f, features, objects[m, game] * f, seen, game * f)
                add_encoder_gradient(sizes, places, games, seen, kept, own, of_state, gradients, agent)
            add_table_gradient(sizes, places, weights, agent, of_table, turned_inputs, gradients)
        updates[rows[i]] += 1
        adam(n, rates[rows[i]], updates[rows[i]], optimiser, weights, gradients, first, second, agent)
