"""The undirected graph of a directed one: two agents are linked where there is an edge in either direction."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.validation import validated


@validated()
def undirected_links(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, "M 2"]:
    """Return each linked pair once, the smaller number first; self-loops are left out. O(E log E).

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    return Graph(edges, n_agents).links


@validated()
def link_counts(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, " N"]:
    """Return the degree of each agent in the undirected graph: the number of agents that it is linked with.

    O(E log E).
    """
    return Graph(edges, n_agents).degrees
