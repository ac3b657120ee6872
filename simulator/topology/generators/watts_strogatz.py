"""A ring with shortcuts."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.generators.ring import on_circle, ring_pairs
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.loops import compiled, rewire
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
    pairs = ring_pairs(n_agents, neighbours)
    moved = np.flatnonzero(generator.random(len(pairs)) < rewiring_probability)
    loop, done = compiled(rewire, steps=len(pairs)), 0
    while done < len(moved):
        done = loop(pairs, moved, done, n_agents, generator.random(2 * (len(moved) - done)))
    return Topology.from_pairs(n_agents, pairs, positions=on_circle(n_agents))
