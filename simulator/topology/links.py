"""Edges as links that can be moved: two opposite edges are one link, and move together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.topology.graph import Topology


class Links:
    """The K links of a topology, open to moves that keep their number and never double or loop one.

    Attributes
    ----------
    ends
        Source and target of each link, `[K, 2]`.
    mutual
        Whether a link also runs from target to source, `[K]`.
    taken
        Matrix `[N, N]`, True where two agents are linked in either direction, and on the diagonal.
    """

    def __init__(self, topology: Topology) -> None:
        edges = np.column_stack([topology.sources, topology.targets])
        adjacency = topology.adjacency()
        mutual = adjacency[edges[:, 1], edges[:, 0]]
        first = ~mutual | (edges[:, 0] < edges[:, 1])
        self._before = topology
        self.ends = edges[first]
        self.mutual = mutual[first]
        self.taken = adjacency | adjacency.T
        np.fill_diagonal(self.taken, True)
        self._weights = None
        if topology.weights is not None:
            table = np.zeros(adjacency.shape)
            table[topology.sources, topology.targets] = topology.weights
            self._weights = np.column_stack([table[tuple(self.ends.T)], table[tuple(self.ends.T[::-1])]])

    def __len__(self) -> int:
        return len(self.ends)

    def move(self, link: int, end: int, agent: int) -> None:
        """Give the link's end (0 source, 1 target) to `agent`, to whom its other end must not be linked yet."""
        stays, leaves = self.ends[link, 1 - end], self.ends[link, end]
        self.taken[stays, leaves] = self.taken[leaves, stays] = False
        self.taken[stays, agent] = self.taken[agent, stays] = True
        self.ends[link, end] = agent

    def swap(self, chosen: NDArray[np.int64], generator: np.random.Generator) -> None:
        """Let each chosen link exchange its target with a random link of its own kind, one after the other.

        Every agent keeps its degrees. A mutual link swaps with a mutual one, in either orientation, and a
        one-way link with a one-way one. A swap that would double or loop a link is left out.
        """
        for alike in (np.flatnonzero(self.mutual), np.flatnonzero(~self.mutual)):
            swapping = chosen[np.isin(chosen, alike)]
            if not len(swapping):
                continue
            others = alike[generator.integers(len(alike), size=len(swapping))]
            turned = self.mutual[others] & (generator.random(len(swapping)) < 0.5)
            for link, other, turn in zip(swapping.tolist(), others.tolist(), turned.tolist(), strict=True):
                if turn:
                    self._turn(other)
                (source, target), (other_source, other_target) = self.ends[link].tolist(), self.ends[other].tolist()
                if not self.taken[source, other_target] and not self.taken[other_source, target]:
                    self.move(link, 1, other_target)
                    self.move(other, 1, target)

    def topology(self) -> Topology:
        """Return the same agents with the links as they are now; each link has kept its weights."""
        edges = np.concatenate([self.ends, self.ends[self.mutual, ::-1]])
        weights = self._weights
        if weights is not None:
            weights = np.concatenate([weights[:, 0], weights[self.mutual, 1]])
        return self._before.with_edges(edges[:, 0], edges[:, 1], weights=weights)

    def _turn(self, link: int) -> None:
        self.ends[link] = self.ends[link, ::-1].copy()
        if self._weights is not None:
            self._weights[link] = self._weights[link, ::-1].copy()
