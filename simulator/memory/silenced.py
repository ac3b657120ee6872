"""Removing the links of some neurons of a graph."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from hubbub.simulator.configuration import Section
from hubbub.simulator.counting import part
from hubbub.simulator.topology import Topology


class Silenced(Section):
    """Neurons that lose all their links, so that they neither send nor receive."""

    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the neurons."""
    who: Literal["hubs", "random"] = "hubs"
    """Which neurons: those with the most links (of equals, the first), or random ones."""


def silenced(topology: Topology, section: Silenced, generator: np.random.Generator) -> Topology:
    """Return the topology without the links of the silenced neurons, whose numbers stay."""
    n_silenced = round(part(section.share, topology.n_agents))
    if section.who == "random":
        order = generator.permutation(topology.n_agents)
    else:
        order = np.argsort(-(topology.in_degrees + topology.out_degrees), kind="stable")
    silent = np.zeros(topology.n_agents, dtype=bool)
    silent[order[:n_silenced]] = True
    kept = ~(silent[topology.sources] | silent[topology.targets])
    weights = None if topology.weights is None else topology.weights[kept]
    return topology.with_edges(topology.sources[kept], topology.targets[kept], weights=weights)
