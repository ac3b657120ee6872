"""A ring with shortcuts."""

from __future__ import annotations

import networkx as nx
import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.generators.ring import on_circle
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents, Count, Probability


@topology("watts-strogatz")
def watts_strogatz(
    n_agents: Agents, *, neighbours: Count, rewiring_probability: Probability, generator: np.random.Generator
) -> Topology:
    """Return a ring lattice with `neighbours` links a side whose links are each rewired with a probability.

    The number of links, N × `neighbours`, does not depend on the probability. Positions `[N, 2]` are those of
    the ring.

    References
    ----------
    Watts & Strogatz (1998), Collective dynamics of "small-world" networks.
    """
    most = (n_agents - 1) // 2
    if neighbours > most:
        raise TopologyError(complaint("neighbours", expected=f"less than half the ring (≤ {most})", got=neighbours))
    check_edges(2 * n_agents * neighbours)
    graph = nx.watts_strogatz_graph(n_agents, 2 * neighbours, rewiring_probability, seed=generator)
    return Topology.from_networkx(graph, positions=on_circle(n_agents))
