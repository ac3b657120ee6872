"""A random graph with power-law degrees."""

from __future__ import annotations

from typing import Annotated

import networkx as nx
import numpy as np
from pydantic import Field

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.links import Links
from hubbub.simulator.topology.options import Count

_DRAWS = 1000
_SWAPS_PER_LINK = 10


@topology("configuration-model")
def configuration_model(
    n_agents: Annotated[int, Field(ge=2, le=10_000)],
    *,
    exponent: Annotated[float, Field(gt=0)],
    minimum_degree: Count = 1,
    maximum_degree: Count | None = None,
    generator: np.random.Generator,
) -> Topology:
    """Return a simple random graph whose degrees k are drawn from P(k) ∝ k^−exponent.

    Degrees lie between `minimum_degree` and `maximum_degree` (N − 1 if not given). They are drawn anew until
    some simple graph has them; that graph's links are then mixed by ten degree-preserving swaps per link, so
    that the degrees are exactly those drawn. O(N²) memory.

    References
    ----------
    Milo et al. (2003), On the uniform generation of random graphs with prescribed degree sequences.
    """
    highest = n_agents - 1 if maximum_degree is None else maximum_degree
    if highest >= n_agents:
        raise TopologyError(complaint("maximum_degree", expected=f"less than n_agents ({n_agents})", got=highest))
    if minimum_degree > highest:
        raise TopologyError(complaint("minimum_degree", expected=f"at most {highest}", got=minimum_degree))
    values = np.arange(minimum_degree, highest + 1)
    chances = values ** -float(exponent)
    degrees = _graphical(values, chances / chances.sum(), n_agents, generator)
    check_edges(sum(degrees))
    simple = nx.havel_hakimi_graph(degrees)
    links = Links(Topology.from_pairs(n_agents, list(simple.edges)))
    for _ in range(_SWAPS_PER_LINK):
        links.swap(np.arange(len(links)), generator)
    return links.topology()


def _graphical(values: np.ndarray, chances: np.ndarray, n_agents: int, generator: np.random.Generator) -> list[int]:
    """Return N degrees that a simple graph can have."""
    for _ in range(_DRAWS):
        degrees = generator.choice(values, size=n_agents, p=chances).tolist()
        if nx.is_graphical(degrees):
            return degrees
    raise TopologyError(
        f"configuration-model: no simple graph of {n_agents} agents was found with degrees {values[0]} … {values[-1]}; "
        "try a larger exponent, a smaller maximum_degree or another n_agents"
    )
