"""Shortest paths in the undirected graph: distances, betweenness, path length and efficiency."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.arrays import check_square_fits
from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.hubs.shortest_paths import EXACT_UP_TO, ShortestPaths, search
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import COUNT, validated


@validated(exact_up_to=COUNT)
def shortest_paths(
    edges: Int[np.ndarray, "E 2"],
    n_agents: int,
    *,
    flow: bool = True,
    directed: bool = False,
    exact_up_to: int = EXACT_UP_TO,
    generator: np.random.Generator | None = None,
) -> ShortestPaths:
    """Return the shortest paths from all agents, or from 500 random ones where there are more than `exact_up_to`.

    Few paths lead through most agents, and those from some sources only: where these are not in the sample, both an
    agent's estimated betweenness and its error are too small. The estimates for the agents with most are good.

    Parameters
    ----------
    flow
        Whether the flow is computed, which takes as long as all the rest.
    directed
        Along directed edges only; otherwise along edges in either direction.
    generator
        Draws the sources; `np.random.default_rng(0)` when not given.

    O(S (N + E)) time, O(N + E) memory; up to 200 agents O(N²).

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    graph = Graph(edges, n_agents)
    linked = graph.heard if directed else graph.adjacency
    return search(linked, directed=directed, exact_up_to=exact_up_to, flow=flow, generator=generator)


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
    return np.asarray(shortest_path(Graph(edges, n_agents).adjacency, method="D", unweighted=True))


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
    return Graph(edges, n_agents, paths=paths).paths.betweenness()


@validated()
def path_length(edges: Int[np.ndarray, "E 2"], n_agents: int, *, paths: ShortestPaths | None = None) -> Measure:
    """Return the mean distance between two agents in links; infinite where some have no path, and `reason` says so.

    Above 10,000 agents it is the mean from 500 random agents to all others, with a 95 % interval; `n` counts the pairs.
    `paths` as in `betweenness`. Undefined below two agents. O(N E).
    """
    return path_length_of(Graph(edges, n_agents, paths=paths))


def path_length_of(graph: Graph) -> Measure:
    """Return `path_length` of a graph."""
    estimator, n_agents = "mean shortest path", graph.n_agents
    if n_agents < 2:
        return undefined(f"{n_agents} agents, at least 2 needed", unit="links", estimator=estimator)
    if graph.n_apart:
        n_pairs = n_agents * (n_agents - 1) // 2
        reason = f"{graph.n_apart} of {n_pairs} pairs have no path"
        return Measure(np.inf, "links", estimator, n_pairs, reason=reason)
    found = graph.lengths
    value, interval = found.mean(found.total)
    return Measure(value, "links", estimator + found.source_note, _pairs(found), interval=interval)


@validated()
def efficiency(edges: Int[np.ndarray, "E 2"], n_agents: int, *, paths: ShortestPaths | None = None) -> Measure:
    """Return the mean of 1 / distance over pairs (Latora & Marchiori 2001), where pairs without a path count as 0.

    Sampled as `path_length`, with the same `paths`. Undefined below two agents. O(N E).
    """
    return efficiency_of(Graph(edges, n_agents, paths=paths))


def efficiency_of(graph: Graph) -> Measure:
    """Return `efficiency` of a graph."""
    estimator, n_agents = "global efficiency", graph.n_agents
    if n_agents < 2:
        return undefined(f"{n_agents} agents, at least 2 needed", unit="1", estimator=estimator)
    found = graph.lengths
    value, interval = found.mean(found.inverse)
    return Measure(value, "1", estimator + found.source_note, _pairs(found), interval=interval)


def _pairs(found: ShortestPaths) -> int:
    n_sources, n_agents = len(found.total), found.n_agents
    return n_sources * (n_agents - 1) // (1 if found.is_sampled else 2)
