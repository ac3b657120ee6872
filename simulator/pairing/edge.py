"""Pairing by edge: links are drawn, so hubs speak and listen more."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.pairing.exchanges import Exchanges, pairing, proportions
from hubbub.simulator.topology import Topology


@pairing("edge")
def edge(*, topology: Topology, generator: np.random.Generator) -> Exchanges:
    """N directed links, drawn with replacement, in proportion to their weights."""
    if topology.n_edges == 0:
        return Exchanges(np.empty(0, np.int64), np.empty(0, np.int64))
    shares = None if topology.weights is None else proportions(topology.weights)
    drawn = np.sort(generator.choice(topology.n_edges, size=topology.n_agents, p=shares))
    return Exchanges(topology.sources[drawn], topology.targets[drawn])
