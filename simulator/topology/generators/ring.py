"""Agents on a circle who hear their nearest neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents, Count


@topology("ring")
def ring(n_agents: Agents, *, neighbours: Count = 1) -> Topology:
    """Return the ring lattice in which each agent is linked to `neighbours` agents on each side.

    Positions `[N, 2]` lie on the unit circle.
    """
    half = n_agents // 2
    if neighbours > half:
        raise TopologyError(complaint("neighbours", expected=f"at most half the ring ({half})", got=neighbours))
    check_edges(2 * n_agents * neighbours)
    hops = np.arange(1, neighbours + 1)
    near = (np.arange(n_agents)[:, None] + np.concatenate([-hops[::-1], hops])) % n_agents
    return Topology.from_neighbours(near, positions=on_circle(n_agents))


def ring_pairs(n_agents: int, neighbours: int) -> NDArray[np.int64]:
    """Return the pairs `[N · neighbours, 2]` of agents that are 1, then 2, then 3 … places apart on a circle."""
    agents, hops = np.arange(n_agents), np.arange(1, neighbours + 1)
    ahead = (agents + hops[:, None]) % n_agents
    return np.column_stack([np.tile(agents, neighbours), ahead.ravel()])


def on_circle(n_agents: int) -> NDArray[np.float64]:
    """Return `[N, 2]` evenly spaced points of the unit circle."""
    angles = 2 * np.pi * np.arange(n_agents) / n_agents
    return np.column_stack([np.cos(angles), np.sin(angles)])
