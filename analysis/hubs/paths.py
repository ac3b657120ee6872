"""Shortest paths in the undirected graph: distances, betweenness, path length and efficiency."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.arrays import check_square_fits
from hubbub.analysis.hubs.links import adjacency
from hubbub.analysis.hubs.shortest_paths import ShortestPaths, shortest_paths
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated


@validated()
def distances(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, "N N"]:
    """Return distances between agents in links, infinite without a path. O(N E) time, O(N²) memory.

    Raises
    ------
    ConfigurationError
        Malformed edges, or so many agents that the matrix would not fit into the memory of most machines.
    """
    from scipy.sparse.csgraph import shortest_path

    check_square_fits(n_agents, name="distances")
    return np.asarray(shortest_path(adjacency(edges, n_agents), method="D", unweighted=True))


@validated()
def betweenness(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, paths: ShortestPaths | None = None
) -> Float[np.ndarray, " N"]:
    """Return for each agent the share of pairs of others whose shortest paths lead through it (Freeman 1977).

    A pair with several shortest paths counts by the share of them that lead through the agent, a pair without a path
    as 0; all 0 below three agents. The algorithm of Brandes (2001), O(N E). Above 10,000 agents it is an estimate from
    the paths from 500 random agents (Brandes & Pich 2007); `shortest_paths(…).betweenness_error()` is its error.

    Parameters
    ----------
    paths
        The result of `shortest_paths(edges, n_agents)`, where it has been computed already.
    """
    return (paths or shortest_paths(edges, n_agents)).betweenness()


@validated()
def path_length(edges: Int[np.ndarray, "E 2"], n_agents: int, *, paths: ShortestPaths | None = None) -> Measure:
    """Return the mean distance between two agents in links; infinite where some have no path, and `reason` says so.

    Above 10,000 agents it is the mean from 500 random agents to all others, with a 95 % interval; `n` counts the pairs.
    `paths` as in `betweenness`. Undefined below two agents. O(N E).
    """
    estimator = "mean shortest path"
    if n_agents < 2:
        return undefined(f"{n_agents} agents, at least 2 needed", unit="links", estimator=estimator)
    found = paths or shortest_paths(edges, n_agents, flow=False)
    apart, n_pairs = _pairs_apart(edges, n_agents), n_agents * (n_agents - 1) // 2
    if apart:
        reason = f"{apart} of {n_pairs} pairs have no path"
        return Measure(np.inf, "links", estimator, n_pairs, reason=reason)
    value, interval = found.mean(found.total)
    return Measure(value, "links", estimator + found.source_note, _pairs(found), interval=interval)


@validated()
def efficiency(edges: Int[np.ndarray, "E 2"], n_agents: int, *, paths: ShortestPaths | None = None) -> Measure:
    """Return the mean of 1 / distance over pairs (Latora & Marchiori 2001), where pairs without a path count as 0.

    Sampled as `path_length`, with the same `paths`. Undefined below two agents. O(N E).
    """
    estimator = "global efficiency"
    if n_agents < 2:
        return undefined(f"{n_agents} agents, at least 2 needed", unit="1", estimator=estimator)
    found = paths or shortest_paths(edges, n_agents, flow=False)
    value, interval = found.mean(found.inverse)
    return Measure(value, "1", estimator + found.source_note, _pairs(found), interval=interval)


def _pairs(found: ShortestPaths) -> int:
    n_sources, n_agents = len(found.total), found.n_agents
    return n_sources * (n_agents - 1) // (1 if found.is_sampled else 2)


def _pairs_apart(edges: Int[np.ndarray, "E 2"], n_agents: int) -> int:
    """Return how many pairs of agents have no path. O(E log E)."""
    from scipy.sparse.csgraph import connected_components

    sizes = np.bincount(connected_components(adjacency(edges, n_agents), directed=False)[1])
    return int(n_agents * n_agents - (sizes * sizes).sum()) // 2
