"""Communities of the highest modularity that the Louvain method finds (Blondel et al. 2008)."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
from jaxtyping import Int

LEAST_GAIN = 1e-7
"""The modularity of a small graph rises by more from one level to the next, or the levels end."""

Weights = list[dict[int, int]]
"""For each node, the weights of its links to others; in the order in which they were met."""


def louvain(linked: Any) -> Int[np.ndarray, " N"]:
    """Return the community of each agent; the same for the same graph.

    `linked` is the symmetric matrix `[N, N]` of weights as a sparse array. Agents move, in a random order, to the
    neighbouring community with the largest gain of modularity until none gains; then communities take the place of
    agents, until nothing moves. Expected O(E log N).
    """
    from scipy.sparse import csr_array

    from hubbub.analysis.hubs.loops import move_to_groups

    rng = np.random.default_rng(0)
    labels, loops = np.arange(linked.shape[0]), np.zeros(linked.shape[0])
    while True:
        n_nodes = linked.shape[0]
        groups = np.arange(n_nodes)
        first, others = linked.indptr.astype(np.int64), linked.indices.astype(np.uint32)
        if not move_to_groups(first, others, linked.data, loops, rng.permutation(n_nodes), groups):
            return labels
        _, groups = np.unique(groups, return_inverse=True)
        labels = groups[labels]
        member = csr_array((np.ones(n_nodes), groups, np.arange(n_nodes + 1)))
        linked = (member.T @ linked @ member).tocsr()
        inside = linked.diagonal()
        loops = np.bincount(groups, loops) + inside
        linked.setdiag(0)
        linked.eliminate_zeros()


def louvain_of_few(links: Int[np.ndarray, "M 2"], n_agents: int) -> Int[np.ndarray, " N"]:
    """Return the community of each agent of a small graph, in plain Python, which needs no compiler.

    `links` are pairs of different agents, at least one, each once and in order. The communities are those of
    `networkx.community.louvain_communities(graph, seed=0)` in networkx 3.6; 3.7 breaks ties otherwise.
    """
    random, labels, n_links = Random(0), np.arange(n_agents), len(links)
    weights: Weights = [{} for _ in range(n_agents)]
    for one, other in links.tolist():
        weights[one][other] = weights[other][one] = 1
    loops = [0] * n_agents
    quality = _modularity(weights, loops, n_links)
    while True:
        order = [*range(len(weights))]
        random.shuffle(order)
        groups = _moved_to_groups(weights, loops, order, n_links)
        number = {group: at for at, group in enumerate(sorted(set(groups)))}
        if len(number) == len(weights):  # nobody has moved
            return labels
        groups = [number[group] for group in groups]
        labels = np.array(groups)[labels]
        weights, loops = _joined(weights, loops, groups)
        before, quality = quality, _modularity(weights, loops, n_links)
        if quality - before <= LEAST_GAIN:
            return labels


def _moved_to_groups(weights: Weights, loops: list[int], order: list[int], n_links: int) -> list[int]:
    """Return the group of each node after moves, one after the other, to the neighbouring group that gains most."""
    groups, degrees = [*range(len(weights))], _degrees(weights, loops)
    ends, scale = degrees.copy(), 2 * n_links**2
    moved = True
    while moved:
        moved = False
        for node in order:
            own, degree = groups[node], degrees[node]
            linked: dict[int, int] = {}
            for other, weight in weights[node].items():
                linked[groups[other]] = linked.get(groups[other], 0) + weight
            ends[own] -= degree
            cost = -linked.setdefault(own, 0) / n_links + ends[own] * degree / scale
            best, most = own, 0.0
            for group, weight in linked.items():
                gain = cost + weight / n_links - ends[group] * degree / scale
                if gain > most:
                    best, most = group, gain
            ends[best] += degree
            if best != own:
                groups[node], moved = best, True
    return groups


def _joined(weights: Weights, loops: list[int], groups: list[int]) -> tuple[Weights, list[int]]:
    """Return the graph whose nodes are the groups: weights of links between them, and of those within them."""
    n_groups = max(groups) + 1
    between: Weights = [{} for _ in range(n_groups)]
    within = [0] * n_groups
    for node, (group, near) in enumerate(zip(groups, weights, strict=True)):
        within[group] += loops[node]
        for other, weight in near.items():
            if other > node and groups[other] == group:
                within[group] += weight
            elif other > node:
                between[group][groups[other]] = between[groups[other]][group] = (
                    between[group].get(groups[other], 0) + weight
                )
    return between, within


def _degrees(weights: Weights, loops: list[int]) -> list[int]:
    return [sum(near.values()) + 2 * loop for near, loop in zip(weights, loops, strict=True)]


def _modularity(weights: Weights, loops: list[int], n_links: int) -> float:
    """Return the modularity of the division in which every node is a community."""
    shares = [degree / (2 * n_links) for degree in _degrees(weights, loops)]
    return sum(loops) / n_links - sum(share**2 for share in shares)
