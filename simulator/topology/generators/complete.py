"""Everybody hears everybody."""

from __future__ import annotations

import numpy as np

from simulator.topology.catalogue import topology
from simulator.topology.graph import Topology
from simulator.topology.limits import check_edges
from simulator.topology.options import Agents


@topology("complete")
def complete(n_agents: Agents) -> Topology:
    """Return the graph of all N (N − 1) edges."""
    check_edges(n_agents * (n_agents - 1))
    speakers, listeners = np.nonzero(~np.eye(n_agents, dtype=bool))
    return Topology(n_agents, speakers, listeners)
