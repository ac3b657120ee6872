"""The graph below an array of edges, with what its measures share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Int64, UInt32

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.hubs.shortest_paths import ShortestPaths, search


class Graph:
    """N agents, and the directed edges `[E, 2]` between them: i → j means that j may hear i.

    In the undirected graph two agents are linked where there is an edge in either direction. What measures derive from
    the edges is computed when it is first asked for, and kept: so several measures of one graph take a `Graph`.

    Parameters
    ----------
    paths
        Its shortest paths, where they have been computed already.

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """

    def __init__(self, edges: Int[np.ndarray, "E 2"], n_agents: int, *, paths: ShortestPaths | None = None) -> None:
        self.edges = edge_list(edges, n_agents)
        self.n_agents = n_agents
        if paths is not None:
            self.paths = paths

    @cached_property
    def links(self) -> Int[np.ndarray, "M 2"]:
        """Each linked pair once, the smaller number first, in order; self-loops are left out. O(E log E)."""
        one, other = self.edges.T
        rises, falls = one < other, one > other
        codes = _once((one * self.n_agents + other)[rises])
        opposite = _once((other * self.n_agents + one)[falls])
        if not np.array_equal(codes, opposite):  # some links have one direction only
            codes = _once(np.concatenate([codes, opposite]))
        return np.column_stack(self._ends(codes))

    @cached_property
    def degrees(self) -> Int[np.ndarray, " N"]:
        """The number of agents that each agent is linked with."""
        return np.bincount(self.links.ravel(), minlength=self.n_agents)

    @cached_property
    def out_degrees(self) -> Int[np.ndarray, " N"]:
        """How many edges lead from each agent."""
        return np.bincount(self.edges[:, 0], minlength=self.n_agents)

    @cached_property
    def in_degrees(self) -> Int[np.ndarray, " N"]:
        """How many edges lead to each agent."""
        return np.bincount(self.edges[:, 1], minlength=self.n_agents)

    @cached_property
    def adjacency(self) -> Any:
        """The adjacency matrix `[N, N]` of the undirected graph, 0 and 1, as a sparse CSR array with sorted rows."""
        one, other = self.links.T
        if len(self.edges) >= 2 * len(one) == self.heard.nnz:  # every link has both directions
            return self.heard
        return self._matrix(np.concatenate([one, other]), np.concatenate([other, one]))

    @cached_property
    def matrix(self) -> Float[np.ndarray, "N N"]:
        """The adjacency matrix of a small undirected graph as an array. O(N²) memory."""
        return np.asarray(self.adjacency.toarray())

    @cached_property
    def heard(self) -> Any:
        """The matrix `[N, N]` with 1 where the row may be heard by the column, as a sparse CSR array."""
        return self._matrix(*self.edges.T)

    @cached_property
    def rows(self) -> tuple[Int64[np.ndarray, " rows"], UInt32[np.ndarray, " ends"]]:
        """`first [N + 1]` and `others`: the neighbours of agent i are `others[first[i]:first[i + 1]]`, increasing."""
        return self.adjacency.indptr.astype(np.int64), self.adjacency.indices.astype(np.uint32)

    @cached_property
    def parts(self) -> Int[np.ndarray, " N"]:
        """The number of the connected component of each agent."""
        from scipy.sparse.csgraph import connected_components

        return np.asarray(connected_components(self.adjacency, directed=False)[1])

    @cached_property
    def n_apart(self) -> int:
        """How many pairs of agents have no path."""
        sizes = np.bincount(self.parts)
        return int(self.n_agents * self.n_agents - (sizes * sizes).sum()) // 2

    @cached_property
    def paths(self) -> ShortestPaths:
        """The shortest paths in the undirected graph, with their flow; see `shortest_paths`."""
        return search(self.adjacency)

    @cached_property
    def lengths(self) -> ShortestPaths:
        """The shortest paths, without their flow where it was not asked for before."""
        return self.__dict__.get("paths") or search(self.adjacency, flow=False)

    def _matrix(self, one: Int[np.ndarray, " E"], other: Int[np.ndarray, " E"]) -> Any:
        """Return the matrix with 1 for each pair of two agents."""
        from scipy.sparse import csr_array

        rows, columns = self._ends(_once((one * self.n_agents + other)[one != other]))
        first = np.concatenate([[0], np.bincount(rows, minlength=self.n_agents).cumsum()])
        ends = (columns.astype(np.int32), first.astype(np.int32))  # older scipy wants 32 bits
        return csr_array((np.ones(len(rows)), *ends), shape=(self.n_agents, self.n_agents))

    def _ends(self, codes: Int[np.ndarray, " M"]) -> tuple[Int[np.ndarray, " M"], Int[np.ndarray, " M"]]:
        """Return the two agents of each pair that is written as the number one · N + other."""
        one = codes // max(self.n_agents, 1)
        return one, codes - one * self.n_agents


def _once(codes: Int[np.ndarray, " n"]) -> Int[np.ndarray, " distinct"]:
    """Return each code once, in order; np.unique takes twenty times as long for a million."""
    if (codes[1:] > codes[:-1]).all():
        return codes
    ordered = np.sort(codes)
    return ordered[np.concatenate([[True], ordered[1:] > ordered[:-1]])[: len(ordered)]]
