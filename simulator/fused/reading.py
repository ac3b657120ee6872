"""What listeners understand of many different messages, greedily: every beginning is read once."""

from __future__ import annotations

import numpy as np
from numba import njit

from hubbub.simulator.fused.gru import copy, fill_table, recur_rows
from hubbub.simulator.fused.products import OPTIONS
from hubbub.simulator.fused.vectors import LANES, load, sigmoid, store, tanh
from hubbub.simulator.kernel_cache import kernel


@njit(**OPTIONS)
def number_beginnings(messages, lengths, node_of, symbols, parents, followed, n_nodes, n_followed):
    """Number the different beginnings of sorted `messages [U, L]`, those of one length for themselves.

    `node_of [L, U]` is the beginning of each message; `symbols` and `parents [L, U]` are the last symbol of a
    beginning, and which of those that go on (`followed [L, U]`) it continues.
    """
    n_messages, length = messages.shape
    for u in range(n_messages):
        shared = 0
        while u and shared < length and messages[u, shared] == messages[u - 1, shared]:
            shared += 1
        for t in range(lengths[u]):
            if t >= shared:
                before = node_of[t - 1, u] if t else 0
                if n_followed[t] == 0 or followed[t, n_followed[t] - 1] != before:
                    followed[t, n_followed[t]] = before
                    n_followed[t] += 1
                symbols[t, n_nodes[t]], parents[t, n_nodes[t]] = messages[u, t], n_followed[t] - 1
                n_nodes[t] += 1
            node_of[t, u] = n_nodes[t] - 1


@njit(**OPTIONS)
def renew_beginnings(n, width, table, symbols, parents, recurrent, bias, before, after):
    """Fill in the states `after [n, width]` of beginnings from those `before` that they continue."""
    for node in range(n):
        fed, old = symbols[node] * 3 * width, parents[node] * width
        own = 3 * old
        for unit in range(0, width, LANES):
            reset = sigmoid(load(table, fed + unit) + load(recurrent, own + unit))
            update = sigmoid(load(table, fed + width + unit) + load(recurrent, own + width + unit))
            inside = load(recurrent, own + 2 * width + unit) + load(bias, unit)
            candidate = tanh(load(table, fed + 2 * width + unit) + reset * inside)
            state = candidate + update * (load(before, old + unit) - candidate)
            store(after, node * width + unit, state)


@kernel(**OPTIONS)
def read(sizes, places, weights, rows, messages, lengths, understood):
    """Fill in the states `understood [M · U · H]` of rows `rows [M]` after the sorted `messages [U, L]`."""
    n_messages, length = messages.shape
    hidden, width, shape = sizes.hidden, sizes.width, (length, n_messages)
    node_of, symbols = np.empty(shape, np.int64), np.empty(shape, np.int64)
    parents, followed = np.empty(shape, np.int64), np.empty(shape, np.int64)
    n_nodes, n_followed = np.zeros(length, np.int64), np.zeros(length, np.int64)
    number_beginnings(messages, lengths, node_of, symbols, parents, followed, n_nodes, n_followed)
    table, bias = np.empty((sizes.vocabulary + 1) * 3 * width, np.float32), np.zeros(width, np.float32)
    states, before = np.zeros(n_messages * width, np.float32), np.zeros(n_messages * width, np.float32)
    recurrent = np.zeros(n_messages * 3 * width, np.float32)
    for m in range(len(rows)):
        agent = rows[m] * sizes.parameters
        fill_table(sizes, places, weights, agent, table)
        copy(hidden, weights, agent + places.candidate_bias, bias, 0)
        before[:width] = 0
        recurrent[: 3 * width] = 0
        for t in range(length):
            n = n_followed[t]
            if t:
                for i in range(n):
                    copy(width, states, followed[t, i] * width, before, i * width)
                recur_rows(n, sizes, places, weights, agent, before, recurrent)
            renew_beginnings(n_nodes[t], width, table, symbols[t], parents[t], recurrent, bias, before, states)
            for u in range(n_messages):
                if lengths[u] == t + 1:
                    copy(hidden, states, node_of[t, u] * width, understood, (m * n_messages + u) * hidden)
