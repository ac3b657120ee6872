"""Agents leave whom they do not understand for whom they do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.links import Links
from hubbub.simulator.topology.options import Probability
from hubbub.simulator.topology.rewiring.catalogue import rewiring


@rewiring("prefer-understood")
def prefer_understood(
    topology: Topology,
    *,
    probability: Probability,
    generator: np.random.Generator,
    success: Callable[[], NDArray[np.float64]],
) -> Topology:
    """Let each agent, with a probability, exchange a partner for one whom it understands better.

    As a listener i, the agent drops the partner j with the lowest success C[j, i] and links to the agent k, not
    yet linked to it, with the highest C[k, i], if that is higher. A mutual link moves as a whole. Agents act
    one after the other, in random order; ties are broken at random. O(N (N + E)).
    """
    links = Links(topology)
    understood = success()
    acting = np.flatnonzero(generator.random(topology.n_agents) < probability)
    for agent in generator.permutation(acting).tolist():
        heard, ends = _heard(links, agent)
        strangers = np.flatnonzero(~links.taken[agent])
        if not len(heard) or not len(strangers):
            continue
        partners = links.ends[heard, ends]
        worst = _lowest(understood[partners, agent], generator)
        best = strangers[_lowest(-understood[strangers, agent], generator)]
        if understood[best, agent] > understood[partners[worst], agent]:
            links.move(heard[worst], ends[worst], best)
    return links.topology()


def _heard(links: Links, agent: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the links over which the agent hears somebody, and which end of each that somebody is."""
    as_target = np.flatnonzero(links.ends[:, 1] == agent)
    as_source = np.flatnonzero(links.mutual & (links.ends[:, 0] == agent))
    return np.concatenate([as_target, as_source]), np.repeat([0, 1], [len(as_target), len(as_source)])


def _lowest(values: NDArray[np.float64], generator: np.random.Generator) -> int:
    return int(generator.choice(np.flatnonzero(values == values.min())))
