"""Coordinates of agents for drawing a graph; the same graph always gets the same coordinates."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Real
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from hubbub.analysis.arrays import edge_list

MAX_KAMADA_KAWAI = 150
MAX_SPRING = 500
N_PIVOTS = 50


def layout(edges: Real[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, "N 2"]:
    """Return coordinates of the agents, `[N, 2]`.

    Every connected component is laid out separately: by Kamada & Kawai (1989) up to 150 agents, by the spring model of
    Fruchterman & Reingold (1991) with a fixed seed up to 500, and above that by the distances to 50 pivots (Brandes &
    Pich 2007), whose time and memory grow linearly with agents and links. Components are placed in rows, the largest
    first.

    Parameters
    ----------
    edges
        Edges `[E, 2]` between agents 0 … N − 1, whole numbers of any type; their direction does not matter.
    n_agents
        N.

    Raises
    ------
    ConfigurationError
        Edges of another shape, or of unknown agents.
    """
    links = edge_list(edges, n_agents)
    ones = np.ones(len(links))
    ends = links.astype(np.int32)  # older scipy wants 32 bits
    linked = csr_array((ones, (ends[:, 0], ends[:, 1])), shape=(n_agents, n_agents))
    linked = ((linked + linked.T) > 0).astype(np.float64)
    _, component = connected_components(linked, directed=False)
    parts = np.split(np.argsort(component, kind="stable"), np.cumsum(np.bincount(component))[:-1])
    parts.sort(key=lambda part: (-len(part), part[0]))
    places = np.zeros((n_agents, 2))
    widths = [2 * math.sqrt(len(part) / n_agents) + 0.12 for part in parts]
    row_width = max(widths[0], math.sqrt(sum(width * width for width in widths)) * 1.05)
    left = top = height = 0.0
    for part, width in zip(parts, widths, strict=True):
        if left + width > row_width + 1e-9:
            left, top, height = 0.0, top - height, 0.0
        height = max(height, width)
        inner = (width - 0.12) / 2
        places[part] = _unit_places(linked[part][:, part]) * inner + (left + width / 2, top - width / 2)
        left += width
    return places


def _unit_places(linked: csr_array) -> np.ndarray:
    """Return the coordinates of one connected component, `[n, 2]`, within −1 … 1 on both axes."""
    import networkx as nx

    n_agents = linked.shape[0]
    if n_agents > MAX_SPRING:
        places = _pivot_places(linked)
    else:
        graph = nx.from_scipy_sparse_array(linked)
        found = nx.kamada_kawai_layout(graph) if n_agents <= MAX_KAMADA_KAWAI else nx.spring_layout(graph, seed=0)
        places = np.array([found[agent] for agent in range(n_agents)])
    places -= places.mean(axis=0)
    if n_agents > 2:
        # The direction of largest variance becomes horizontal, because pages and screens are wide.
        places = places @ np.linalg.svd(places, full_matrices=False)[2].T
    places = _apart(places / max(float(np.abs(places).max()), 1e-9))
    places -= (places.max(axis=0) + places.min(axis=0)) / 2
    return places / max(float(np.abs(places).max()), 1e-9)


def _pivot_places(linked: csr_array) -> np.ndarray:
    """Return coordinates by classical scaling of the distances to pivots, each the farthest from those before it.

    Agents with the same distances to all pivots, such as the leaves of one hub, fill a disc around their place.
    """
    hops = np.zeros((linked.shape[0], N_PIVOTS))
    nearest, pivot = np.full(linked.shape[0], np.inf), int(np.argmax(np.diff(linked.indptr)))
    for column in range(N_PIVOTS):
        hops[:, column] = dijkstra(linked, indices=pivot, unweighted=True)
        nearest = np.minimum(nearest, hops[:, column])
        pivot = int(np.argmax(nearest))
    squares = hops**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean()
    places = centred @ np.linalg.eigh(centred.T @ centred)[1][:, :-3:-1]
    places /= max(float(np.abs(places).max()), 1e-9)
    _, place, n_there = np.unique(np.round(places, 6), axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    rank = np.empty(len(places))
    rank[order] = np.arange(len(places)) - np.repeat(np.cumsum(n_there) - n_there, n_there)
    radius, angle = np.sqrt(rank / len(places)), rank * math.pi * (3 - math.sqrt(5))
    return places + 0.7 * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _apart(places: np.ndarray) -> np.ndarray:
    """Return coordinates in which agents that would cover each other are moved apart."""
    nearest = 0.9 / np.sqrt(len(places))
    for _ in range(40 if len(places) <= MAX_KAMADA_KAWAI else 0):
        gaps = places[:, None] - places
        distances = np.linalg.norm(gaps, axis=2) + np.eye(len(places))
        push = np.maximum(nearest - distances, 0) / np.maximum(distances, 1e-9)
        places = places + 0.25 * (gaps * push[:, :, None]).sum(axis=1)
    return places
