"""Coordinates of agents for drawing a graph; the same graph always gets the same coordinates."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.arrays import edge_list

MAX_KAMADA_KAWAI = 150


def layout(edges: Real[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, "N 2"]:
    """Return coordinates of the agents, `[N, 2]`.

    Every connected component is laid out separately: by Kamada & Kawai (1989) up to 150 agents, by the spring model of
    Fruchterman & Reingold (1991) with a fixed seed above that. Components are placed in rows, the largest first.

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
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n_agents))
    graph.add_edges_from(edge_list(edges, n_agents).tolist())
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    places = np.zeros((n_agents, 2))
    widths = [2 * math.sqrt(len(part) / n_agents) + 0.12 for part in parts]
    row_width = max(widths[0], math.sqrt(sum(width * width for width in widths)) * 1.05)
    left = top = height = 0.0
    for part, width in zip(parts, widths, strict=True):
        if left + width > row_width + 1e-9:
            left, top, height = 0.0, top - height, 0.0
        height = max(height, width)
        inner = (width - 0.12) / 2
        places[part] = _unit_places(graph.subgraph(part), part) * inner + (left + width / 2, top - width / 2)
        left += width
    return places


def _unit_places(graph: object, part: list[int]) -> np.ndarray:
    """Return the coordinates of one connected component, `[n, 2]`, within −1 … 1 on both axes."""
    import networkx as nx

    found = nx.kamada_kawai_layout(graph) if len(part) <= MAX_KAMADA_KAWAI else nx.spring_layout(graph, seed=0)
    places = np.array([found[agent] for agent in part])
    places -= places.mean(axis=0)
    if len(part) > 2:
        # The direction of largest variance becomes horizontal, because pages and screens are wide.
        places = places @ np.linalg.svd(places, full_matrices=False)[2].T
    places = _apart(places / max(float(np.abs(places).max()), 1e-9))
    places -= (places.max(axis=0) + places.min(axis=0)) / 2
    return places / max(float(np.abs(places).max()), 1e-9)


def _apart(places: np.ndarray) -> np.ndarray:
    """Return coordinates in which agents that would cover each other are moved apart."""
    nearest = 0.9 / np.sqrt(len(places))
    for _ in range(40 if len(places) <= MAX_KAMADA_KAWAI else 0):
        gaps = places[:, None] - places
        distances = np.linalg.norm(gaps, axis=2) + np.eye(len(places))
        push = np.maximum(nearest - distances, 0) / np.maximum(distances, 1e-9)
        places = places + 0.25 * (gaps * push[:, :, None]).sum(axis=1)
    return places
