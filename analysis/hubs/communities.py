"""Communities of the graph alone, to compare dialects with: what the links say without any language."""

from __future__ import annotations

import numpy as np

from analysis.arrays import edge_list
from analysis.dialects.clusters import by_size


def graph_communities(edges: np.ndarray, n_agents: int, n_communities: int) -> np.ndarray:
    """Return labels `[N]` of a cut of the undirected graph into `n_communities`, 0 the largest.

    Greedy modularity (Clauset, Newman & Moore 2004); deterministic.
    """
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n_agents))
    graph.add_edges_from(edge_list(edges, n_agents).tolist())
    labels = np.arange(n_agents)
    if graph.number_of_edges():
        found = nx.community.greedy_modularity_communities(graph, cutoff=n_communities, best_n=n_communities)
        for label, members in enumerate(found):
            labels[list(members)] = label
    return by_size(labels)
