"""Links placed at random."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.drawing import distinct_numbers, pairs_of
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents, Count


@topology("erdos-renyi")
def erdos_renyi(n_agents: Agents, *, links: Count, generator: np.random.Generator) -> Topology:
    """Return a graph drawn uniformly from all graphs with exactly `links` undirected links.

    This is the form G(N, M), which other graphs can be compared with at equal links.

    References
    ----------
    Erdős & Rényi (1959), On random graphs I.
    """
    most = n_agents * (n_agents - 1) // 2
    if links > most:
        raise TopologyError(complaint("links", expected=f"at most all {most} pairs of {n_agents} agents", got=links))
    check_edges(2 * links)
    numbers = distinct_numbers(np.array([most]), np.array([links]), generator)
    return Topology.from_pairs(n_agents, pairs_of(numbers))
