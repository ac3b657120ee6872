"""Shortest paths in the undirected graph: distances, betweenness, path length and efficiency."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.hubs.links import adjacency
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated


@validated()
def distances(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, "N N"]:
    """Return distances between agents in links, infinite without a path. O(N E) time, O(N²) memory."""
    from scipy.sparse.csgraph import shortest_path

    return np.asarray(shortest_path(adjacency(edges, n_agents), method="D", unweighted=True))


@validated()
def betweenness(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, " N"]:
    """Return for each agent the share of pairs of others whose shortest paths lead through it (Freeman 1977).

    A pair with several shortest paths counts by the share of them that lead through the agent, a pair without a path
    as 0; all 0 below three agents. Numbers of paths may be of any size. The algorithm of Brandes (2001), O(N E).
    """
    linked = adjacency(edges, n_agents)
    return betweenness_of(linked, np.arange(n_agents))


def betweenness_of(linked: Any, sources: Int[np.ndarray, " S"]) -> Float[np.ndarray, " N"]:
    """Return betweenness `[N]` from the shortest paths that begin at S of the N agents, scaled to all of them.

    `linked` is the adjacency matrix `[N, N]` as a sparse CSR array; it need not be symmetric. O(S E).
    """
    from hubbub.analysis.hubs.loops import add_dependencies

    n_agents = linked.shape[0]
    flow, pairs = np.zeros(n_agents), (n_agents - 1) * (n_agents - 2)
    if pairs <= 0:
        return flow
    add_dependencies(flow, linked.indptr.astype(np.int64), linked.indices.astype(np.int64), sources.astype(np.int64))
    return flow * (n_agents / len(sources)) / pairs


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
