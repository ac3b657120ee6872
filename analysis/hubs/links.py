"""The undirected graph of a directed one: two agents are linked where there is an edge in either direction."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Int, Int64, UInt32

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
    one, other = edge_list(edges, n_agents).T
    codes = np.minimum(one, other) * n_agents + np.maximum(one, other)
    return np.column_stack(np.divmod(_once(codes[one != other]), max(n_agents, 1)))


def adjacency(edges: Int[np.ndarray, "E 2"], n_agents: int, *, directed: bool = False) -> Any:
    """Return the adjacency matrix `[N, N]` of 0 and 1 as a sparse CSR array with sorted rows. O(E log E).

    It is that of the undirected graph, or with `directed` has 1 where the row may be heard by the column.
    """
    from scipy.sparse import csr_array

    if directed:
        one, other = edge_list(edges, n_agents).T
        pairs = np.column_stack(np.divmod(_once((one * n_agents + other)[one != other]), max(n_agents, 1)))
    else:
        pairs = undirected_links(edges, n_agents)
    first = np.concatenate([[0], np.bincount(pairs[:, 0], minlength=n_agents).cumsum()])
    matrix = csr_array((np.ones(len(pairs)), pairs[:, 1], first), shape=(n_agents, n_agents))
    return matrix if directed else matrix + matrix.T


def rows(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, directed: bool = False
) -> tuple[Int64[np.ndarray, " rows"], UInt32[np.ndarray, " ends"]]:
    """Return `first [N + 1]` and `others`: the neighbours of agent i are `others[first[i]:first[i + 1]]`, increasing.

    With `directed` they are those that may hear agent i. O(E log E).
    """
    linked = adjacency(edges, n_agents, directed=directed)
    return linked.indptr.astype(np.int64), linked.indices.astype(np.uint32)


@validated()
def link_counts(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, " N"]:
    """Return the degree of each agent in the undirected graph: the number of agents that it is linked with.

    O(E log E).
    """
    return np.bincount(undirected_links(edges, n_agents).ravel(), minlength=n_agents)


def _once(codes: Int[np.ndarray, " n"]) -> Int[np.ndarray, " distinct"]:
    """Return each code once, in order; np.unique takes twenty times as long for a million."""
    ordered = np.sort(codes)
    return ordered[np.concatenate([[True], ordered[1:] > ordered[:-1]])[: len(ordered)]]
