"""Groups that knew nothing of each other meet."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.options import Count
from hubbub.simulator.topology.rewiring.catalogue import rewiring


@rewiring("contact")
def contact(topology: Topology, *, links: Count, attribute: str = "block", generator: np.random.Generator) -> Topology:
    """Add mutual links, at most `links`, between agents of different groups who are not linked yet, drawn uniformly.

    Groups are the values of a node `attribute`, such as the `block` of a stochastic-block graph. No link goes away.
    """
    if attribute not in topology.attributes:
        known = tuple(topology.attributes)
        expected = f"one of the agents' attributes ({', '.join(known) or 'there are none'})"
        raise TopologyError(complaint("rewiring contact: attribute", expected=expected, got=attribute, valid=known))
    group = np.array([str(value) for value in topology.attributes[attribute]])
    linked = topology.adjacency()
    strangers = np.argwhere(np.triu((group[:, None] != group) & ~(linked | linked.T), 1))
    new = strangers[generator.permutation(len(strangers))[:links]]
    edges = np.concatenate([np.column_stack([topology.sources, topology.targets]), new, new[:, ::-1]])
    weights = None
    if topology.weights is not None:
        weights = np.concatenate([topology.weights, np.ones(2 * len(new))])
    return topology.with_edges(edges[:, 0], edges[:, 1], weights=weights)
