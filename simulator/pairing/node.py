"""Pairing by node: every agent speaks once a step."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.pairing.exchanges import Exchanges, pairing
from hubbub.simulator.topology import Topology


@pairing("node")
def node(*, topology: Topology, generator: np.random.Generator) -> Exchanges:
    """Every agent that anyone may hear speaks to one of its hearers, in proportion to the links' weights."""
    first = topology.first_edges
    speakers = np.flatnonzero(np.diff(first))
    rng = generator.random(topology.n_agents)[speakers]
    if topology.weights is None:
        drawn = first[speakers] + (rng * np.diff(first)[speakers]).astype(np.int64)
    else:
        # As shares of the agent's heaviest link, so that heavy links elsewhere do not swallow light ones here.
        heaviest = np.maximum.reduceat(topology.weights, first[speakers])
        upto = np.concatenate([[0.0], np.cumsum(topology.weights / np.repeat(heaviest, np.diff(first)[speakers]))])
        goal = upto[first[speakers]] + rng * (upto[first[speakers + 1]] - upto[first[speakers]])
        drawn = np.clip(np.searchsorted(upto, goal, side="right") - 1, first[speakers], first[speakers + 1] - 1)
    return Exchanges(speakers, topology.targets[drawn])
