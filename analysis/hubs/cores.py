"""k-cores: the largest subgraphs in which every agent has at least k links."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs.links import rows, undirected_links
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated


@validated()
def core_numbers(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, " N"]:
    """Return the core number of each agent: the largest k for which it is in a k-core (Seidman 1983). O(E)."""
    if n_agents > COMPILED_ABOVE:
        from hubbub.analysis.hubs import loops

        return loops.core_numbers(*rows(edges, n_agents))
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n_agents))
    graph.add_edges_from(undirected_links(edges, n_agents).tolist())
    found = nx.core_number(graph)
    return np.array([found[agent] for agent in range(n_agents)], dtype=np.int64)


@validated()
def k_core(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return the degeneracy: the largest k for which the graph has a k-core; `n` counts the agents in it. O(E)."""
    numbers = core_numbers(edges, n_agents)
    largest = int(numbers.max(initial=0))
    return Measure(float(largest), "links", "degeneracy", int((numbers == largest).sum()))
