"""Agents in the unit square who hear those nearby."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents


@topology("random-geometric")
def random_geometric(
    n_agents: Agents, *, radius: Annotated[float, Field(gt=0)] = 0.25, generator: np.random.Generator
) -> Topology:
    """Return a graph of agents placed uniformly in the unit square; those at most `radius` apart are linked.

    Positions `[N, 2]` are the places. With π N radius² well above log N the graph is connected.

    References
    ----------
    Gilbert (1961), Random plane networks.
    """
    from scipy.spatial import cKDTree

    check_edges(n_agents**2 * min(np.pi * radius**2, 1.0))  # as many as are to be expected
    places = generator.random((n_agents, 2))
    return Topology.from_pairs(n_agents, cKDTree(places).query_pairs(radius, output_type="ndarray"), positions=places)
