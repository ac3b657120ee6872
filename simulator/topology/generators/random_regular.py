"""Every agent has the same number of partners, chosen at random."""

from __future__ import annotations

import networkx as nx
import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents, Count


@topology("random-regular")
def random_regular(n_agents: Agents, *, degree: Count, generator: np.random.Generator) -> Topology:
    """Return a random graph in which every agent is linked to exactly `degree` others.

    References
    ----------
    Kim & Vu (2003), Generating random regular graphs.
    """
    if degree >= n_agents:
        raise TopologyError(complaint("degree", expected=f"less than n_agents ({n_agents})", got=degree))
    if degree * n_agents % 2:
        raise TopologyError(complaint("degree", expected="an even product of degree and n_agents", got=degree))
    check_edges(n_agents * degree)
    missing = n_agents - 1 - degree
    if missing < degree:  # networkx hardly ever finds a dense graph, but the sparse one of the links it lacks
        return Topology.from_networkx(nx.complement(nx.random_regular_graph(missing, n_agents, seed=generator)))
    return Topology.from_networkx(nx.random_regular_graph(degree, n_agents, seed=generator))
