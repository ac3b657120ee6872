"""The leading eigenvector of the adjacency matrix of an undirected graph, component by component."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.hubs.graph import Graph

TIE = 1e-9
"""Eigenvalues that differ by less than this count as equal."""
DENSE_UP_TO = 200
MOST_ITERATIONS = 100


def leading_eigenvector(graph: Graph) -> tuple[Float[np.ndarray, " N"], str]:
    """Return the eigenvector of the largest eigenvalue, ≥ 0 with maximum 1, and why it is not defined ("" if it is).

    A connected graph has one such vector, which is positive (Perron & Frobenius); agents outside of the component with
    the largest eigenvalue have 0. Lanczos iterations (`scipy.sparse.linalg.eigsh`) for components of more than 200
    agents, from a vector that is the same at every call. It is NaN without links, where two components share the
    largest eigenvalue, or where the iterations do not converge because the two largest eigenvalues of a component are
    nearly equal. O(N + E) memory.
    """
    n_agents, degree = graph.n_agents, graph.degrees.astype(float)
    undefined = np.full(n_agents, np.nan)
    if not degree.any():
        return undefined, "no links"
    best, second, vector = 0.0, 0.0, np.zeros(n_agents)
    for members, bound in _components(graph, degree):
        if bound < best - TIE or (best - second < TIE and bound <= best + TIE):
            break  # no component that is left can be ahead
        linked = graph.adjacency if len(members) == n_agents else graph.adjacency[members][:, members]
        value, leading = _of_component(linked, degree[members])
        if leading is None:
            reason = f"the two largest eigenvalues of a component of {len(members)} agents are nearly equal"
            return undefined, reason
        best, second = max(best, value), max(second, min(best, value))
        if value == best:
            vector[:] = 0
            vector[members] = leading / leading.max()
    return (vector, "") if best - second >= TIE else (undefined, "two components are equally central")


def _components(graph: Graph, degree: Float[np.ndarray, " N"]) -> list[tuple[Int[np.ndarray, " n"], float]]:
    """Return the components with links, the highest upper bound of their largest eigenvalue first, and these bounds.

    No eigenvalue is above the largest √(degree · degree) over links (Berman & Zhang 2001).
    """
    part = graph.parts
    one, other = graph.links.T
    bounds = np.zeros(part.max() + 1)
    np.maximum.at(bounds, part[one], np.sqrt(degree[one] * degree[other]))
    members = np.split(np.argsort(part, kind="stable"), np.bincount(part).cumsum()[:-1])
    return [(members[at], float(bounds[at])) for at in np.argsort(-bounds, kind="stable") if bounds[at]]


def _of_component(linked: Any, degree: Float[np.ndarray, " n"]) -> tuple[float, Float[np.ndarray, " n"] | None]:
    """Return the largest eigenvalue of a connected graph and its vector, None where it is not found."""
    from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    if np.ptp(degree) == 0:
        return float(degree[0]), np.ones(len(degree))
    if len(degree) <= DENSE_UP_TO:
        values, vectors = np.linalg.eigh(linked.toarray())
        return float(values[-1]), np.abs(vectors[:, -1])
    try:
        values, vectors = eigsh(linked, k=1, which="LA", v0=degree, ncv=40, maxiter=MOST_ITERATIONS)
    except ArpackNoConvergence:
        return np.nan, None
    return float(values[0]), np.abs(vectors[:, 0])
