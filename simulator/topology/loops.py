"""Generators' loops in which every step depends on the one before.

Each is written once, for arrays of numbers. `compiled` lets numba compile it where there are so many steps that it is
worth the wait; the result is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

COMPILED_FROM_STEPS = 100_000
"""Numba and its kernels are loaded in about as much time as plain Python needs for so many steps."""


def compiled(loop: Callable[..., Any], *, steps: int) -> Callable[..., Any]:
    """Return a loop as it is, or compiled where it will do at least `COMPILED_FROM_STEPS` steps."""
    return loop if steps < COMPILED_FROM_STEPS else _compiled(loop)


@cache
def _compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    from hubbub.simulator.kernel_cache import kernel  # it imports numba

    made: Callable[..., Any] = kernel(loop)
    return made


def attach(ends: NDArray[np.int64], slot: int, links_per_agent: int, draws: NDArray[np.float64]) -> int:
    """Fill the ends of the links of a growing graph, from a slot on; return the slot where the draws are used up.

    `ends` are newcomer, other, newcomer, other …; the newcomers are there already. The other is a random earlier end,
    so agents are chosen by their degrees; one whom the newcomer has chosen already is drawn anew.
    """
    used = 0
    while slot < len(ends):
        newcomer_first = slot // 2 // links_per_agent * links_per_agent * 2
        if used == len(draws):
            return slot
        chosen = ends[int(draws[used] * newcomer_first)]
        used += 1
        is_new = True
        for before in range(newcomer_first + 1, slot, 2):
            if ends[before] == chosen:
                is_new = False
        if is_new:
            ends[slot] = chosen
            slot += 2
    return slot


def rewire(
    pairs: NDArray[np.int64], moved: NDArray[np.int64], done: int, n_agents: int, draws: NDArray[np.float64]
) -> int:
    """Give the moved links, one after the other, a random new end; return how many are done when draws are used up.

    The new end is neither the old one nor the agent at the other end, nor linked with it. A link of an agent that is
    linked with all others stays.
    """
    present = set()
    degrees = np.zeros(n_agents, dtype=np.int64)
    for link in range(len(pairs)):
        one, other = pairs[link, 0], pairs[link, 1]
        present.add(min(one, other) * n_agents + max(one, other))
        degrees[one] += 1
        degrees[other] += 1
    used = 0
    while done < len(moved):
        one, other = pairs[moved[done], 0], pairs[moved[done], 1]
        if degrees[one] < n_agents - 1:
            if used == len(draws):
                return done
            new = int(draws[used] * n_agents)
            used += 1
            code = min(one, new) * n_agents + max(one, new)
            if new == one or code in present:
                continue
            present.remove(min(one, other) * n_agents + max(one, other))
            present.add(code)
            degrees[other] -= 1
            degrees[new] += 1
            pairs[moved[done], 1] = new
        done += 1
    return done


def realise(
    pairs: NDArray[np.int64], order: NDArray[np.int64], left: NDArray[np.int64], last: NDArray[np.int64]
) -> None:
    """Fill `pairs [P, 2]` with the links of a simple graph that has given degrees (Havel 1955, Hakimi 1962).

    `left` are the degrees in decreasing order, `order` the agents that have them, and `last[k]` is the last place with
    a degree of at least k. The first agent is linked with those that have the next highest degrees; of equal ones with
    the last, so that the order stays. O(N + P).
    """
    link = 0
    for first in range(len(order)):
        wanted = left[first]
        if wanted == 0:
            return
        lowest = left[first + wanted]  # of those that are linked with the first
        begin = max(first, last[lowest + 1]) + 1
        n_lowest = first + wanted - begin + 1
        end = last[lowest]
        for higher in range(lowest + 1, left[first + 1] + 1):
            last[higher] = last[higher + 1]
        last[lowest] = end - n_lowest
        for start, stop in ((first + 1, begin), (end - n_lowest + 1, end + 1)):
            for other in range(start, stop):
                pairs[link, 0], pairs[link, 1] = order[first], order[other]
                left[other] -= 1
                link += 1


def swap(
    slots: NDArray[np.int64],
    neighbours: NDArray[np.int64],
    owners: NDArray[np.int64],
    first: NDArray[np.int64],
    chosen: NDArray[np.int64],
    turned: NDArray[np.bool_],
) -> None:
    """Let the links chosen together, `[S, 2]`, exchange ends, one couple after the other; degrees stay.

    The neighbours of agent i are in the slots `first[i] … first[i + 1] − 1`, which it owns; a link is a pair of slots,
    `slots [P, 2]`. a–b and c–d become a–d and c–b, or a–c and d–b where the second is turned, unless that loops or
    doubles a link.
    """
    for attempt in range(len(chosen)):
        one, other = chosen[attempt, 0], chosen[attempt, 1]
        slot_a, slot_b = slots[one, 0], slots[one, 1]
        slot_c, slot_d = slots[other, 0], slots[other, 1]
        if turned[attempt]:
            slot_c, slot_d = slot_d, slot_c
        a, b, c, d = owners[slot_a], owners[slot_b], owners[slot_c], owners[slot_d]
        is_possible = one != other and a != d and c != b
        for left, right in ((a, d), (c, b)):
            if first[left + 1] - first[left] > first[right + 1] - first[right]:
                left, right = right, left
            for slot in range(first[left], first[left + 1]):
                if neighbours[slot] == right:
                    is_possible = False
        if is_possible:
            neighbours[slot_a], neighbours[slot_d] = d, a
            neighbours[slot_c], neighbours[slot_b] = b, c
            slots[one, 1], slots[other, 0], slots[other, 1] = slot_d, slot_c, slot_b
