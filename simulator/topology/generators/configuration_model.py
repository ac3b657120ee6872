"""A random graph with power-law degrees."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.loops import compiled, realise, swap
from hubbub.simulator.topology.options import Agents, Count

_DRAWS = 1000
_SWAPS_PER_LINK = 10


@topology("configuration-model")
def configuration_model(
    n_agents: Agents,
    *,
    exponent: Annotated[float, Field(gt=0)],
    minimum_degree: Count = 1,
    maximum_degree: Count | None = None,
    generator: np.random.Generator,
) -> Topology:
    """Return a simple random graph whose degrees k are drawn from P(k) ∝ k^−exponent.

    Degrees lie between `minimum_degree` and `maximum_degree` (N − 1 if not given). They are drawn anew until
    some simple graph has them; that graph's links are then mixed by ten degree-preserving swaps per link, so
    that the degrees are exactly those drawn. O(N + links).

    References
    ----------
    Milo et al. (2003), On the uniform generation of random graphs with prescribed degree sequences.
    Fosdick et al. (2018), Configuring random graph models with fixed degree sequences.
    """
    highest = n_agents - 1 if maximum_degree is None else maximum_degree
    if highest >= n_agents:
        raise TopologyError(complaint("maximum_degree", expected=f"less than n_agents ({n_agents})", got=highest))
    if minimum_degree > highest:
        raise TopologyError(complaint("minimum_degree", expected=f"at most {highest}", got=minimum_degree))
    values = np.arange(minimum_degree, highest + 1)
    chances = values ** -float(exponent)
    degrees = _graphical(values, chances / chances.sum(), n_agents, generator)
    check_edges(int(degrees.sum()))
    return Topology.from_pairs(n_agents, _mixed(_simple_graph(degrees), n_agents, generator))


def _graphical(
    values: NDArray[np.int64], chances: NDArray[np.float64], n_agents: int, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return N degrees that a simple graph can have."""
    for _ in range(_DRAWS):
        degrees = generator.choice(values, size=n_agents, p=chances)
        if _is_graphical(degrees):
            return degrees
    raise TopologyError(
        f"configuration-model: no simple graph of {n_agents} agents was found with degrees {values[0]} … {values[-1]}; "
        "try a larger exponent, a smaller maximum_degree or another n_agents"
    )


def _is_graphical(degrees: NDArray[np.int64]) -> bool:
    """Return whether some simple graph has these degrees (Erdős & Gallai 1960)."""
    falling = np.sort(degrees)[::-1]
    k = np.arange(1, len(falling) + 1)
    above = np.maximum(np.searchsorted(-falling, -k, side="left"), k)  # how many are among the first k, or above k
    total = np.concatenate([[0], falling.cumsum()])
    most = k * (k - 1) + k * (above - k) + total[-1] - total[above]
    return bool(total[-1] % 2 == 0 and (total[1:] <= most).all())


def _simple_graph(degrees: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pairs `[P, 2]` of one simple graph that has these degrees."""
    order = np.argsort(-degrees, kind="stable")
    left = degrees[order]
    last = np.searchsorted(-left, -np.arange(left[0] + 2), side="right") - 1
    pairs = np.empty((int(degrees.sum()) // 2, 2), dtype=np.int64)
    compiled(realise, steps=len(pairs))(pairs, order, left, last)
    return pairs


def _mixed(pairs: NDArray[np.int64], n_agents: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return the pairs after as many rounds of swaps as there shall be swaps per link."""
    ends = pairs.ravel()
    order = np.argsort(ends, kind="stable")
    slots = np.empty(pairs.shape, dtype=np.int64)
    slots.reshape(-1)[order] = np.arange(len(ends))
    owners, neighbours = ends[order], pairs[:, ::-1].ravel()[order]
    first = np.searchsorted(owners, np.arange(n_agents + 1))
    loop = compiled(swap, steps=_SWAPS_PER_LINK * len(pairs))
    for _ in range(_SWAPS_PER_LINK):
        chosen = generator.integers(len(pairs), size=pairs.shape)
        loop(slots, neighbours, owners, first, chosen, generator.random(len(pairs)) < 0.5)
    return owners[slots]
