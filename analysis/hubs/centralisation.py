"""Centralisation: how much the most central agent exceeds the others; 0 if all are equal, 1 on a star."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.hubs.links import adjacency, link_counts, undirected_links
from hubbub.analysis.hubs.paths import betweenness
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated

AGENTS_NEEDED = 3
TIE = 1e-9


@validated()
def degree_centralisation(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return Σ (max − degree) divided by the same sum on a star of N agents (Freeman 1979).

    Undefined below three agents. O(E log E).
    """
    estimator = "degree centralisation"
    if n_agents < AGENTS_NEEDED:
        return _too_few(n_agents, estimator)
    return _against_star(link_counts(edges, n_agents), (n_agents - 1) * (n_agents - 2), estimator)


@validated()
def betweenness_centralisation(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return Σ (max − betweenness) divided by the same sum on a star of N agents (Freeman 1979).

    Undefined below three agents. O(N E).
    """
    estimator = "betweenness centralisation"
    if n_agents < AGENTS_NEEDED:
        return _too_few(n_agents, estimator)
    return _against_star(betweenness(edges, n_agents), n_agents - 1, estimator)


@validated()
def eigenvector_centralisation(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return Σ (max − eigenvector centrality) divided by the same sum on a star of N agents; the largest is 1.

    Agents outside the component with the largest eigenvalue have centrality 0, so the value may exceed 1 on a graph of
    many components. Undefined below three agents, without links, or where two components share the largest eigenvalue.
    O(N³).
    """
    estimator = "eigenvector centralisation"
    if n_agents < AGENTS_NEEDED:
        return _too_few(n_agents, estimator)
    leading = eigenvector_centrality(edges, n_agents)
    if np.isnan(leading).any():
        reason = "two components are equally central" if len(undirected_links(edges, n_agents)) else "no links"
        return undefined(reason, unit="1", estimator=estimator, n=n_agents)
    star = (n_agents - 1) * (1 - 1 / math.sqrt(n_agents - 1))
    return _against_star(leading, star, estimator)


@validated()
def eigenvector_centrality(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, " N"]:
    """Return the eigenvector centrality of each agent in the undirected graph, scaled to maximum 1 (Bonacich 1972).

    Agents outside the component with the largest eigenvalue have 0. All NaN without links, or where two components
    share the largest eigenvalue. O(N³).
    """
    values, vectors = np.linalg.eigh(adjacency(edges, n_agents).toarray())
    if not len(values) or not values[-1] > TIE or values[-1] - values[:-1].max(initial=-np.inf) < TIE:
        return np.full(n_agents, np.nan)
    leading = np.abs(vectors[:, -1])
    return np.asarray(leading / leading.max())


def _too_few(n_agents: int, estimator: str) -> Measure:
    return undefined(f"{n_agents} agents, at least {AGENTS_NEEDED} needed", unit="1", estimator=estimator, n=n_agents)


def _against_star(centrality: Real[np.ndarray, " N"], star: float, estimator: str) -> Measure:
    return Measure(float((centrality.max() - centrality).sum() / star), "1", estimator, len(centrality))
