"""Growth with preferential attachment."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.loops import attach, compiled
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
    ends = np.empty((links_per_agent * (n_agents - links_per_agent), 2), dtype=np.int64)
    ends[:links_per_agent] = np.column_stack([np.arange(1, links_per_agent + 1), np.zeros(links_per_agent)])
    ends[links_per_agent:, 0] = np.repeat(np.arange(links_per_agent + 1, n_agents), links_per_agent)
    loop, slots = compiled(attach, steps=len(ends)), ends.reshape(-1)
    slot = 2 * links_per_agent + 1
    while slot < len(slots):
        slot = loop(slots, slot, links_per_agent, generator.random(len(slots) - slot))
    return Topology.from_pairs(n_agents, ends)
