"""Links exchange their targets."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.links import Links
from hubbub.simulator.topology.options import Probability
from hubbub.simulator.topology.rewiring.catalogue import rewiring


@rewiring("degree-preserving")
def degree_preserving(topology: Topology, *, probability: Probability, generator: np.random.Generator) -> Topology:
    """Let each link, with a probability, exchange its target with a random other link (double edge swap).

    Every agent keeps its in-degree and out-degree. A swap that would double or loop a link is left out.

    References
    ----------
    Maslov & Sneppen (2002), Specificity and stability in topology of protein networks.
    """
    links = Links(topology)
    links.swap(np.flatnonzero(generator.random(len(links)) < probability), generator)
    return links.topology()
