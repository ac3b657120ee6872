"""Growth with preferential attachment."""

from __future__ import annotations

import networkx as nx
import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents, Count


@topology("barabasi-albert")
def barabasi_albert(n_agents: Agents, *, links_per_agent: Count, generator: np.random.Generator) -> Topology:
    """Return a graph grown from a star: each new agent links to `links_per_agent` = m others by their degree.

    It has m (N − m) links.

    References
    ----------
    Barabási & Albert (1999), Emergence of scaling in random networks.
    """
    if links_per_agent >= n_agents:
        raise TopologyError(
            complaint("links_per_agent", expected=f"less than n_agents ({n_agents})", got=links_per_agent)
        )
    check_edges(2 * links_per_agent * (n_agents - links_per_agent))
    return Topology.from_networkx(nx.barabasi_albert_graph(n_agents, links_per_agent, seed=generator))
