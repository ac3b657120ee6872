"""The core: what is left when the poorly linked are taken away again and again."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.hubs.links import undirected_links
from hubbub.analysis.measure import Measure


def core_numbers(edges: np.ndarray, n_agents: int) -> np.ndarray:
    """Return for each agent `[N]` the largest k with the agent in a k-core (Seidman 1983). O(E)."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n_agents))
    graph.add_edges_from(undirected_links(edges, n_agents).tolist())
    found = nx.core_number(graph)
    return np.array([found[agent] for agent in range(n_agents)], dtype=np.int64)


def k_core(edges: np.ndarray, n_agents: int) -> Measure:
    """Return the largest k for which some agents all have at least k links among themselves; n counts these agents."""
    numbers = core_numbers(edges, n_agents)
    largest = int(numbers.max(initial=0))
    return Measure(float(largest), "links", "degeneracy", int((numbers == largest).sum()))
