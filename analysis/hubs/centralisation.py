"""Centralisation: how much the most central agent exceeds the others; 0 if all are equal, 1 on a star."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.hubs.leading_eigenvector import leading_eigenvector
from hubbub.analysis.hubs.shortest_paths import ShortestPaths, t_95
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated

AGENTS_NEEDED = 3


@validated()
def degree_centralisation(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return Σ (max − degree) divided by the same sum on a star of N agents (Freeman 1979).

    Undefined below three agents. O(E log E).
    """
    return degree_centralisation_of(Graph(edges, n_agents))


def degree_centralisation_of(graph: Graph) -> Measure:
    """Return `degree_centralisation` of a graph."""
    estimator, n_agents = "degree centralisation", graph.n_agents
    if n_agents < AGENTS_NEEDED:
        return _too_few(n_agents, estimator)
    return _against_star(graph.degrees, (n_agents - 1) * (n_agents - 2), estimator)


@validated()
def betweenness_centralisation(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, paths: ShortestPaths | None = None
) -> Measure:
    """Return Σ (max − betweenness) divided by the same sum on a star of N agents (Freeman 1979).

    Above 10,000 agents betweenness is estimated from the paths from 500 random agents: the value has a 95 % interval
    from the differences between batches of these, and the largest of estimates is somewhat too high. Undefined below
    three agents. O(N E).

    Parameters
    ----------
    paths
        The result of `shortest_paths(edges, n_agents)`, where it has been computed already.
    """
    return betweenness_centralisation_of(Graph(edges, n_agents, paths=paths))


def betweenness_centralisation_of(graph: Graph) -> Measure:
    """Return `betweenness_centralisation` of a graph."""
    estimator, n_agents = "betweenness centralisation", graph.n_agents
    if n_agents < AGENTS_NEEDED:
        return _too_few(n_agents, estimator)
    found = graph.paths
    scores = found.betweenness()
    measure = _against_star(scores, n_agents - 1, estimator + found.source_note)
    if not found.is_sampled:
        return measure
    ahead = n_agents * found.flow[:, scores.argmax()] - found.flow.sum(axis=1)
    half = float(t_95(len(ahead)) * found.error_of(ahead) / ahead.sum() * measure.value)
    return replace(measure, interval=(measure.value - half, measure.value + half))


@validated()
def eigenvector_centralisation(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return Σ (max − eigenvector centrality) divided by the same sum on a star of N agents; the largest is 1.

    Agents outside the component with the largest eigenvalue have centrality 0, so the value may exceed 1 on a graph of
    many components. Undefined below three agents, and where the centrality is (see `eigenvector_centrality`).
    """
    return eigenvector_centralisation_of(Graph(edges, n_agents))


def eigenvector_centralisation_of(graph: Graph) -> Measure:
    """Return `eigenvector_centralisation` of a graph."""
    estimator, n_agents = "eigenvector centralisation", graph.n_agents
    if n_agents < AGENTS_NEEDED:
        return _too_few(n_agents, estimator)
    leading, reason = leading_eigenvector(graph)
    if reason:
        return undefined(reason, unit="1", estimator=estimator, n=n_agents)
    star = (n_agents - 1) * (1 - 1 / math.sqrt(n_agents - 1))
    return _against_star(leading, star, estimator)


@validated()
def eigenvector_centrality(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, " N"]:
    """Return the eigenvector centrality of each agent in the undirected graph, scaled to maximum 1 (Bonacich 1972).

    Agents outside the component with the largest eigenvalue have 0. All NaN without links, where two components share
    the largest eigenvalue, or where the two largest of a component are so near to each other that the iterations do not
    converge (a path of thousands of agents). O(E) for each iteration, O(N + E) memory.
    """
    return leading_eigenvector(Graph(edges, n_agents))[0]


def _too_few(n_agents: int, estimator: str) -> Measure:
    return undefined(f"{n_agents} agents, at least {AGENTS_NEEDED} needed", unit="1", estimator=estimator, n=n_agents)


def _against_star(centrality: Real[np.ndarray, " N"], star: float, estimator: str) -> Measure:
    return Measure(float((centrality.max() - centrality).sum() / star), "1", estimator, len(centrality))
