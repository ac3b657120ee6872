"""Everybody hears everybody."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents


@topology("complete")
def complete(n_agents: Agents) -> Topology:
    """Return the graph of all N (N − 1) edges."""
    check_edges(n_agents * (n_agents - 1))
    speakers, listeners = np.nonzero(~np.eye(n_agents, dtype=bool))
    return Topology(n_agents, speakers, listeners)
