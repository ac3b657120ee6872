"""The undirected graph below the directed one: who is linked with whom, in either direction."""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.arrays import edge_list


def undirected_links(edges: np.ndarray, n_agents: int) -> np.ndarray:
    """Return each linked pair once as `[M, 2]`, the smaller number first; self-loops are left out."""
    pairs = np.sort(edge_list(edges, n_agents), axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


def adjacency(edges: np.ndarray, n_agents: int) -> Any:
    """Return the symmetric adjacency matrix `[N, N]` of 0 and 1 as a sparse CSR array."""
    from scipy.sparse import csr_array

    links = undirected_links(edges, n_agents)
    rows, columns = np.concatenate([links, links[:, ::-1]]).T
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_agents, n_agents))


def link_counts(edges: np.ndarray, n_agents: int) -> np.ndarray:
    """Return with how many others each agent is linked `[N]`."""
    return np.bincount(undirected_links(edges, n_agents).ravel(), minlength=n_agents)
