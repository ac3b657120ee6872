"""Loops over the links of a graph that are slow in numpy, compiled by numba; import them where they are used.

A graph is in rows: the neighbours of agent i are `others[first[i]:first[i + 1]]`, in increasing order. Numbers that
index arrays have no sign, because numba then need not ask whether they count from the end.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel

MANY, FEW = 2.0**500, 2.0**-500
"""An agent that is reached by more shortest paths than `MANY` has their number in units of it."""


@kernel
def search_from(
    first: NDArray[np.int64],
    others: NDArray[np.uint32],
    sources: NDArray[np.int64],
    batch_of: NDArray[np.int64],
    total: NDArray[np.int64],
    inverse: NDArray[np.float64],
    reached: NDArray[np.int64],
    flow: NDArray[np.float64],
) -> None:
    """Search the graph from each of the sources by breadth first, and sum what the paths say.

    `total`, `inverse` and `reached [S]` become the sums of distances and of their inverses over the other agents that
    are reached, and the number of these. To `flow [B, N]` the dependencies of each source (Brandes 2001) are added, in
    the row of its batch; without rows they are not computed.
    """
    n_agents = len(first) - 1
    far, queue = np.full(n_agents, -1, np.int32), np.empty(n_agents + 1, np.uint32)
    counts, units, passing = np.zeros(n_agents), np.zeros(n_agents, np.int32), np.zeros(n_agents)
    begin, onward = np.zeros(n_agents + 1, np.int64), np.empty(len(others) + 1, np.uint32)
    for s in range(len(sources)):
        if len(flow):
            size, largest = reach_and_count(first, others, sources[s], far, queue, counts, begin, onward)
            if largest > MANY:
                count_many_paths(queue[:size], begin, onward, counts, units)
            pass_back(queue[:size], begin, onward, counts, units, passing)
            into = flow[batch_of[s]]
            for agent in queue[1:size]:
                into[agent] += passing[agent]
            for agent in queue[:size]:
                counts[agent], units[agent] = 0.0, 0
        else:
            size = reach(first, others, sources[s], far, queue)
        total[s], inverse[s], reached[s] = 0, 0.0, size - 1
        place = 1
        while place < size:  # from distance to distance
            nearest, level = place, far[queue[place]]
            while place < size and far[queue[place]] == level:
                place += 1
            total[s] += level * (place - nearest)
            inverse[s] += (place - nearest) / level
        for agent in queue[:size]:
            far[agent] = -1


# Below, whether an agent is new or one farther is added up as 0 or 1, not asked: a processor cannot foresee the answer.


@njit
def reach(
    first: NDArray[np.int64], others: NDArray[np.uint32], source: int, far: NDArray[np.int32], queue: NDArray[np.uint32]
) -> int:
    """Set the distances from a source and the queue of the agents that are reached; return how many these are."""
    far[source], queue[0] = 0, source
    size, done = 1, 0
    while done < size:
        agent = queue[done]
        done += 1
        next_far = far[agent] + 1
        for at in range(first[agent], first[agent + 1]):
            other = others[at]
            is_new = far[other] < 0
            far[other] = next_far if is_new else far[other]
            queue[size] = other
            size += is_new
    return size


@njit
def reach_and_count(
    first: NDArray[np.int64],
    others: NDArray[np.uint32],
    source: int,
    far: NDArray[np.int32],
    queue: NDArray[np.uint32],
    counts: NDArray[np.float64],
    begin: NDArray[np.int64],
    onward: NDArray[np.uint32],
) -> tuple[int, float]:
    """Do what `reach` does; return how many agents are reached, and the largest number of shortest paths to one.

    `counts` become the numbers of paths, which must be 0 before. The agents that are next on paths through agent
    `queue[p]` become `onward[begin[p]:begin[p + 1]]`.
    """
    far[source], queue[0], counts[source] = 0, source, 1.0
    size, done, n_onward, largest = 1, 0, 0, 1.0
    while done < size:
        agent = queue[done]
        count, next_far = counts[agent], far[agent] + 1
        largest = max(largest, count)
        for at in range(first[agent], first[agent + 1]):
            other = others[at]
            is_new = far[other] < 0
            far[other] = next_far if is_new else far[other]
            queue[size] = other
            size += is_new
            is_onward = far[other] == next_far
            counts[other] += count * is_onward
            onward[n_onward] = other
            n_onward += is_onward
        done += 1
        begin[done] = n_onward
    return size, largest


@njit
def count_many_paths(
    queue: NDArray[np.uint32],
    begin: NDArray[np.int64],
    onward: NDArray[np.uint32],
    counts: NDArray[np.float64],
    units: NDArray[np.int32],
) -> None:
    """Count paths whose numbers are too large for a float: they are `counts · MANY ** units`."""
    for agent in queue:
        counts[agent] = 0.0
    counts[queue[0]] = 1.0
    for place in range(len(queue)):
        agent = queue[place]
        if counts[agent] > MANY:
            counts[agent] *= FEW
            units[agent] += 1
        for at in range(begin[place], begin[place + 1]):
            other = onward[at]
            unit = max(units[agent], units[other])
            ours, theirs = FEW ** (unit - units[agent]), FEW ** (unit - units[other])
            counts[other] = counts[agent] * ours + counts[other] * theirs
            units[other] = unit


@njit
def pass_back(
    queue: NDArray[np.uint32],
    begin: NDArray[np.int64],
    onward: NDArray[np.uint32],
    counts: NDArray[np.float64],
    units: NDArray[np.int32],
    passing: NDArray[np.float64],
) -> None:
    """Set the dependency of the first agent of a queue on each: over all targets, the share of paths through it."""
    for place in range(len(queue) - 1, -1, -1):
        agent = queue[place]
        through = 0.0
        for at in range(begin[place], begin[place + 1]):
            other = onward[at]
            share = counts[other]  # what a path through it adds up to, since it was passed
            if units[other] != units[agent]:
                share *= FEW ** (units[other] - units[agent])
            through += share
        passing[agent] = through * counts[agent]
        counts[agent] = (1 + passing[agent]) / counts[agent]


@kernel
def core_numbers(first: NDArray[np.int64], others: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the core number of each agent (Batagelj & Zaversnik 2003)."""
    n_agents = len(first) - 1
    left = first[1:] - first[:-1]
    largest = 0
    for agent in range(n_agents):
        largest = max(largest, left[agent])
    start = np.zeros(largest + 2, np.int64)  # where the agents with each number of links left begin in `order`
    for agent in range(n_agents):
        start[left[agent] + 1] += 1
    start = start.cumsum()
    order, place, filled = np.empty(n_agents, np.int64), np.empty(n_agents, np.int64), start.copy()
    for agent in range(n_agents):
        place[agent] = filled[left[agent]]
        order[place[agent]] = agent
        filled[left[agent]] += 1
    for turn in range(n_agents):
        agent = order[turn]
        for at in range(first[agent], first[agent + 1]):
            other = others[at]
            if left[other] > left[agent]:
                begin = max(start[left[other]], turn + 1)
                swapped = order[begin]
                order[begin], order[place[other]] = other, swapped
                place[swapped], place[other] = place[other], begin
                start[left[other]] = begin + 1
                left[other] -= 1
    return left


@kernel
def count_triangles(first: NDArray[np.int64], others: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the number of triangles of each agent; each is found from its agent of the highest degree."""
    n_agents = len(first) - 1
    triangles, marked = np.zeros(n_agents, np.int64), np.full(n_agents, -1, np.int32)
    degree = first[1:] - first[:-1]
    # Links lead from the agent with fewer neighbours to the one with more, so no row is long.
    end = np.zeros(n_agents, np.int64)
    forward = np.empty(len(others), np.uint32)
    for agent in range(n_agents):
        end[agent] = first[agent]
        for at in range(first[agent], first[agent + 1]):
            other = others[at]
            if degree[other] > degree[agent] or (degree[other] == degree[agent] and other > agent):
                forward[end[agent]] = other
                end[agent] += 1
    for agent in range(n_agents):
        for at in range(first[agent], end[agent]):
            marked[forward[at]] = agent
        for at in range(first[agent], end[agent]):
            second = forward[at]
            for then in range(first[second], end[second]):
                third = forward[then]
                if marked[third] == agent:
                    triangles[agent] += 1
                    triangles[second] += 1
                    triangles[third] += 1
    return triangles


@kernel
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
    `slots [M, 2]`. a–b and c–d become a–d and c–b, or a–c and d–b where the second is turned, unless that loops or
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


@kernel
def move_to_groups(
    first: NDArray[np.int64],
    others: NDArray[np.uint32],
    weights: NDArray[np.float64],
    loops: NDArray[np.float64],
    order: NDArray[np.int64],
    groups: NDArray[np.int64],
) -> bool:
    """Move nodes, one after the other, to the neighbouring group with the largest gain of modularity; until none gains.

    This is the first phase of Blondel et al. (2008). `weights` are those of the links in `others`, `loops [n]` those of
    links of a node with itself, counted twice. Returns whether a node was moved.
    """
    n_nodes = len(first) - 1
    strength, total = loops.copy(), np.zeros(n_nodes)
    for node in range(n_nodes):
        for at in range(first[node], first[node + 1]):
            strength[node] += weights[at]
        total[groups[node]] += strength[node]
    all_links = strength.sum()
    linked = np.zeros(n_nodes)  # weight of the links of the present node to each group
    moved_any, moved = False, True
    while moved:
        moved = False
        for node in order:
            own = groups[node]
            for at in range(first[node], first[node + 1]):
                linked[groups[others[at]]] += weights[at]
            total[own] -= strength[node]
            best, gain = own, linked[own] - strength[node] * total[own] / all_links
            for at in range(first[node], first[node + 1]):
                group = groups[others[at]]
                here = linked[group] - strength[node] * total[group] / all_links
                if here > gain + 1e-12 * all_links:
                    best, gain = group, here
            total[best] += strength[node]
            for at in range(first[node], first[node + 1]):
                linked[groups[others[at]]] = 0.0
            if best != own:
                groups[node] = best
                moved = moved_any = True
    return moved_any
