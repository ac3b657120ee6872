"""The undirected graph of a directed one: two agents are linked where there is an edge in either direction."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Int

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.validation import validated


@validated()
def undirected_links(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, "M 2"]:
    """Return each linked pair once, the smaller number first; self-loops are left out. O(E log E).

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    pairs = np.sort(edge_list(edges, n_agents), axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


def adjacency(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Any:
    """Return the symmetric adjacency matrix `[N, N]` of 0 and 1 as a sparse CSR array."""
    from scipy.sparse import csr_array

    links = undirected_links(edges, n_agents)
    rows, columns = np.concatenate([links, links[:, ::-1]]).T
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_agents, n_agents))


def directed_adjacency(pairs: Int[np.ndarray, "E 2"], n_agents: int) -> Any:
    """Return the adjacency matrix `[N, N]` of 0 and 1 of directed edges, row → column, as a sparse CSR array."""
    from scipy.sparse import csr_array

    sources, targets = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0).T
    return csr_array((np.ones(len(sources)), (sources, targets)), shape=(n_agents, n_agents))


@validated()
def link_counts(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, " N"]:
    """Return the degree of each agent in the undirected graph: the number of agents that it is linked with.

    O(E log E).
    """
    return np.bincount(undirected_links(edges, n_agents).ravel(), minlength=n_agents)
