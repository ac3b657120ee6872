"""Shortest paths in the undirected graph: distances, betweenness, path length and efficiency."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.hubs.links import adjacency
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated


@validated()
def distances(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, "N N"]:
    """Return distances between agents in links, infinite without a path. O(N E) time, O(N²) memory."""
    return _levels(edges, n_agents)[0]


@validated()
def betweenness(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, " N"]:
    """Return for each agent the share of pairs of others whose shortest paths lead through it (Freeman 1977).

    A pair with several shortest paths counts by the share of them that lead through the agent, a pair without a path
    as 0; all 0 below three agents. The algorithm of Brandes (2001) for all sources at once, O(N E).
    """
    linked = adjacency(edges, n_agents)
    far, counts = _levels(edges, n_agents)
    flow = np.zeros_like(far)
    deepest = int(far[np.isfinite(far)].max(initial=0))
    for level in range(deepest, 1, -1):
        back = linked @ np.where(far == level, (1 + flow) / np.where(counts, counts, 1), 0)
        flow += np.where(far == level - 1, counts * back, 0)
    pairs = (n_agents - 1) * (n_agents - 2)
    return np.asarray(flow.sum(axis=1) / pairs) if pairs > 0 else np.zeros(n_agents)


def _levels(edges: Int[np.ndarray, "E 2"], n_agents: int) -> tuple[Float[np.ndarray, "N N"], Float[np.ndarray, "N N"]]:
    """Return distances and numbers of shortest paths, by breadth-first search from all agents at once."""
    linked = adjacency(edges, n_agents)
    far = np.full((n_agents, n_agents), np.inf)
    np.fill_diagonal(far, 0)
    counts = np.eye(n_agents)
    front, level = counts, 0
    while front.any():
        level += 1
        front = np.where(np.isinf(far), linked @ front, 0)
        far[front > 0] = level
        counts = counts + front
    return far, counts


@validated()
def path_length(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return the mean distance between two agents in links; infinite where some have no path, and `reason` says so.

    Undefined below two agents. O(N E).
    """
    estimator, n_pairs = "mean shortest path", n_agents * (n_agents - 1) // 2
    if n_agents < 2:
        return undefined(f"{n_agents} agents, at least 2 needed", unit="links", estimator=estimator)
    far = distances(edges, n_agents)[np.triu_indices(n_agents, 1)]
    apart = int(np.isinf(far).sum())
    reason = f"{apart} of {n_pairs} pairs have no path" if apart else ""
    return Measure(float(far.mean()), "links", estimator, n_pairs, reason=reason)


@validated()
def efficiency(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return the mean of 1 / distance over pairs (Latora & Marchiori 2001), where pairs without a path count as 0.

    Undefined below two agents. O(N E).
    """
    estimator, n_pairs = "global efficiency", n_agents * (n_agents - 1) // 2
    if n_agents < 2:
        return undefined(f"{n_agents} agents, at least 2 needed", unit="1", estimator=estimator)
    far = distances(edges, n_agents)[np.triu_indices(n_agents, 1)]
    return Measure(float((1 / far).mean()), "1", estimator, n_pairs)
