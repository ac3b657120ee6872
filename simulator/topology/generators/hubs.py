"""One or two agents that everybody hears."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.generators.ring import on_circle
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import MAX_AGENTS
from hubbub.simulator.topology.options import Agents


@topology("star")
def star(n_agents: Agents) -> Topology:
    """Return the star of N − 1 links: agent 0, the hub, is linked to all others, which have no other links.

    Positions `[N, 2]`: the hub in the middle of the unit circle, the others on it.
    """
    leaves = np.arange(1, n_agents)
    places = np.concatenate([np.zeros((1, 2)), on_circle(n_agents - 1)])
    return Topology.from_pairs(n_agents, np.column_stack([np.zeros_like(leaves), leaves]), positions=places)


@topology("two-hubs")
def two_hubs(n_agents: Annotated[int, Field(ge=3, le=MAX_AGENTS)]) -> Topology:
    """Return the graph of 2 N − 3 links: agents 0 and 1, the hubs, are linked to each other and to everybody."""
    leaves = np.arange(2, n_agents)
    spokes = [np.column_stack([np.full_like(leaves, hub), leaves]) for hub in (0, 1)]
    return Topology.from_pairs(n_agents, np.concatenate([[[0, 1]], *spokes]))
