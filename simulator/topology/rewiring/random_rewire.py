"""Links move to random targets."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.links import Links
from hubbub.simulator.topology.options import Probability
from hubbub.simulator.topology.rewiring.catalogue import rewiring


@rewiring("random-rewire")
def random_rewire(topology: Topology, *, probability: Probability, generator: np.random.Generator) -> Topology:
    """Move one end of each link, with a probability, to a random agent that the other end is not linked to.

    A one-way link keeps its source, a mutual link either end. The number of links stays.
    """
    links = Links(topology)
    moving = np.flatnonzero(generator.random(len(links)) < probability)
    ends = np.where(links.mutual[moving], generator.integers(2, size=len(moving)), 1)
    for link, end in zip(moving.tolist(), ends.tolist(), strict=True):
        free = np.flatnonzero(~links.taken[links.ends[link, 1 - end]])
        if len(free):
            links.move(link, end, generator.choice(free))
    return links.topology()
