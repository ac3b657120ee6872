"""What listeners understand of messages, and what they learn from it: one pass for each listener's mail."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from hubbub.simulator.fused.gru import (
    ONE,
    ZERO,
    add_bias,
    add_columns,
    add_recurrent_gradient,
    add_table_gradient,
    add_to_table,
    copy,
    fill_table,
    largest,
    out_of_gates,
    recur,
    renew,
    renew_backwards,
    softmax,
    turn_recurrent,
    turn_table,
)
from hubbub.simulator.fused.objects import add_encoder_gradient, encode
from hubbub.simulator.fused.products import OPTIONS, multiply, transpose
from hubbub.simulator.fused.vectors import LANES, load, load_up_to, splat, store, sum_of
from hubbub.simulator.kernel_cache import kernel


class Scoring(NamedTuple):
    """How many scores there are, where a listener names attributes; all 0 where it chooses among candidates."""

    scores: int
    """Attributes times values."""
    breadth: int
    """The same in whole registers."""
    values: int
    """Values of one attribute."""


@njit(**OPTIONS)
def grade(x, at, n, answer, games):
    """Return log-likelihood and success of an answer by its `n` scores, which become the gradient of the loss."""
    top, best = largest(x, at, n)
    score = x[at + answer]
    total = softmax(x, at, n, top, ONE, x, at)
    x[at + answer] -= ONE
    share = np.float32(1 / games)
    for j in range(n):
        x[at + j] *= share
    return score - top - np.log(total), best == answer


@njit(**OPTIONS, inline="always")
def name_attributes(
    sizes,
    places,
    scoring,
    weights,
    agent,
    states,
    at,
    answers,
    scores,
    turned,
    of_state,
    likelihood,
    success,
    gradients,
):
    """Name every attribute `answers [G, A]`, and give back the gradient of the loss to states and weights."""
    games, h, width = sizes.games, sizes.hidden, sizes.width
    n, wide, n_values, start = scoring.scores, scoring.breadth, scoring.values, agent + places.name
    multiply(games, n, h, states, at, width, 1, weights, start, n, scores, 0, wide, 0)
    add_bias(games, n, scores, 0, wide, weights, agent + places.name_bias)
    for game in range(games):
        total, right = ZERO, True
        for part in range(answers.shape[1]):
            log, hit = grade(scores, game * wide + part * n_values, n_values, answers[game, part], games)
            total += log
            right &= hit
        likelihood[game], success[game] = total, right
    multiply(games, h, n, scores, 0, wide, 1, turned, 0, width, of_state, 0, width, 0)
    multiply(h, n, games, states, at, 1, width, scores, 0, wide, gradients, start, n, 1)
    add_columns(games, n, scores, 0, wide, gradients, agent + places.name_bias)


@njit(**OPTIONS, inline="always")
def choose(
    sizes,
    places,
    weights,
    agent,
    states,
    at,
    features,
    candidates,
    answers,
    place_of,
    of_state,
    likelihood,
    success,
    gradients,
):
    """Choose among `candidates [G, K]`, and give back the gradient of the loss to states and weights.

    Every referent is encoded once, however often it is a candidate; `place_of [R]` is −1 and remains so.
    """
    games, h, width = sizes.games, sizes.hidden, sizes.width
    k = candidates.shape[1]
    different = np.empty(games * k, np.int64)
    n = 0
    for game in range(games):
        for choice in range(k):
            referent = candidates[game, choice]
            if place_of[referent] < 0:
                place_of[referent], different[n] = n, referent
                n += 1
    seen = np.empty(n * sizes.features, np.float32)
    encoded, of_encoded = np.empty(n * width, np.float32), np.zeros(n * width, np.float32)
    encode(sizes, places, weights, agent, features, different[:n], seen, encoded, 0)
    scores, zero = np.empty(k, np.float32), splat(ZERO)
    for game in range(games):
        own = at + game * width
        for choice in range(k):
            row, total = place_of[candidates[game, choice]] * width, zero
            for unit in range(0, h, LANES):
                one = load_up_to(encoded, row + unit, h - unit, ZERO)
                total = total + one * load_up_to(states, own + unit, h - unit, ZERO)
            scores[choice] = sum_of(total)
        likelihood[game], success[game] = grade(scores, 0, k, answers[game], games)
        for unit in range(0, width, LANES):
            state, total = load(states, own + unit), zero
            for choice in range(k):
                row, pull = place_of[candidates[game, choice]] * width + unit, splat(scores[choice])
                total = total + pull * load(encoded, row)
                store(of_encoded, row, load(of_encoded, row) + pull * state)
            store(of_state, game * width + unit, total)
    add_encoder_gradient(sizes, places, n, seen, encoded, 0, of_encoded, gradients, agent)
    for row in range(n):
        place_of[different[row]] = -1


@kernel(**OPTIONS)
def listen(
    sizes,
    places,
    scoring,
    relaxed,
    weights,
    order,
    rows,
    starts,
    features,
    messages,
    lengths,
    intact,
    answers,
    candidates,
    likelihood,
    success,
    of_messages,
    gradients,
):
    """Let every listener answer its mail, and begin its row of the gradients `[n · P]` with that of its loss.

    Listener i is row `rows[i]` of the weights; its exchanges are `order[starts[i]] … order[starts[i + 1] − 1]`. Fills
    in `likelihood` and `success [M, G]`, and with `relaxed` the gradient of messages, `of_messages [M · G · L · V]`.
    """
    games, width, v, breadth, length = sizes.games, sizes.width, sizes.vocabulary, sizes.breadth, sizes.length
    h, block, n_features = sizes.hidden, games * width, sizes.features
    table, of_table = np.empty((v + 1) * 3 * width, np.float32), np.empty((v + 1) * 3 * width, np.float32)
    turned, turned_table = np.empty(3 * h * width, np.float32), np.empty(3 * h * breadth, np.float32)
    turned_inputs = np.empty(3 * h * sizes.span, np.float32)
    states, kept = np.zeros((length + 1) * block, np.float32), np.zeros(4 * length * block, np.float32)
    derivatives, recurrent = np.empty(4 * length * block, np.float32), np.empty(games * 3 * width, np.float32)
    of_state, bias = np.empty(block, np.float32), np.zeros(width, np.float32)
    fed, alive = np.empty(games, np.int64), np.empty(length * games, np.bool_)
    chooses, n_scores = scoring.scores == 0, scoring.scores
    turned_name, scores = np.empty(n_scores * width, np.float32), np.empty(games * scoring.breadth, np.float32)
    place_of = np.full(len(features) // n_features if chooses else 0, -1, np.int64)
    for i in range(len(rows)):
        agent = rows[i] * sizes.parameters
        gradients[agent : agent + sizes.parameters] = 0
        of_table[:] = 0
        fill_table(sizes, places, weights, agent, table)
        turn_recurrent(sizes, places, weights, agent, turned)
        if relaxed:
            turn_table(sizes, table, turned_table)
        if not chooses:
            transpose(h, n_scores, weights, agent + places.name, n_scores, turned_name, 0, width)
        copy(h, weights, agent + places.candidate_bias, bias, 0)
        for m in order[starts[i] : starts[i + 1]]:
            for t in range(length):
                for game in range(games):
                    fed[game], alive[t * games + game] = messages[m, game, t], t < lengths[m, game]
                if t:
                    recur(sizes, places, weights, agent, states, t * block, recurrent)
                else:
                    recurrent[:] = 0
                new, gates = (t + 1) * block, 4 * t * block
                renew(sizes, table, fed, recurrent, bias, states, t * block, new, kept, gates, alive, t * games)
            last = length * block
            if chooses:
                choose(
                    sizes,
                    places,
                    weights,
                    agent,
                    states,
                    last,
                    features,
                    candidates[m],
                    answers[m, :, 0],
                    place_of,
                    of_state,
                    likelihood[m],
                    success[m],
                    gradients,
                )
            else:
                name_attributes(
                    sizes,
                    places,
                    scoring,
                    weights,
                    agent,
                    states,
                    last,
                    answers[m],
                    scores,
                    turned_name,
                    of_state,
                    likelihood[m],
                    success[m],
                    gradients,
                )
            for t in range(length - 1, -1, -1):
                at = 4 * t * block
                renew_backwards(sizes, of_state, states, t * block, kept, at, derivatives, at, alive, t * games)
                if t:
                    out_of_gates(sizes, h, derivatives, at, turned, width, of_state, 0, width, 1)
                for game in range(games):
                    fed[game] = messages[m, game, t]
                add_to_table(sizes, of_table, fed, derivatives, at, alive, t * games)
                if relaxed:
                    to = (m * games * length + t) * v
                    out_of_gates(
                        sizes, v, derivatives, at + width, turned_table, breadth, of_messages, to, length * v, 0
                    )
                    for game in range(games):
                        if not intact[m, game, t]:
                            start = ((m * games + game) * length + t) * v
                            of_messages[start : start + v] = 0
            add_columns(length * games, h, derivatives, 0, 4 * width, gradients, agent + places.candidate_bias)
            rest, d_rest = (length - 1) * games, 4 * block
            add_recurrent_gradient(sizes, places, rest, states, block, derivatives, d_rest, gradients, agent)
        add_table_gradient(sizes, places, weights, agent, of_table, turned_inputs, gradients)
