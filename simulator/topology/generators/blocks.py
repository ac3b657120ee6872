"""Groups of agents with denser links inside than between."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.drawing import distinct_numbers, pairs_of
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_agents, check_edges
from hubbub.simulator.topology.options import Agents, Count, Probability


@topology("stochastic-block")
def stochastic_block(
    sizes: Annotated[list[Count], Field(min_length=1, max_length=1000)],
    within: Probability,
    between: Probability,
    *,
    generator: np.random.Generator,
) -> Topology:
    """Return a graph of groups with the given sizes, numbered one after the other.

    Two agents are linked with probability `within` if they share a group, and `between` if not. The node
    attribute `block` is the group.

    References
    ----------
    Holland, Laskey & Leinhardt (1983), Stochastic blockmodels: first steps.
    """
    check_agents(sum(sizes))
    same = np.eye(len(sizes), dtype=bool)
    return _blocks(sizes, np.where(same, within, between), generator)


@topology("chain-of-pools")
def chain_of_pools(
    pools: Annotated[int, Field(ge=1, le=1000)],
    pool_size: Agents,
    *,
    within: Probability = 1.0,
    between: Probability = 0.2,
    generator: np.random.Generator,
) -> Topology:
    """Return a row of pools, each in contact with the next only.

    Two agents are linked with probability `within` inside a pool, `between` in neighbouring pools, and never
    otherwise. The node attribute `block` is the pool's place in the row.

    References
    ----------
    Graesser, Cho & Kiela (2019), Emergent linguistic phenomena in multi-agent communication games.
    """
    check_agents(pools * pool_size)
    apart = np.abs(np.subtract.outer(np.arange(pools), np.arange(pools)))
    return _blocks([pool_size] * pools, np.select([apart == 0, apart == 1], [within, between]), generator)


def _blocks(sizes: list[int], probabilities: np.ndarray, generator: np.random.Generator) -> Topology:
    members = np.array(sizes)
    check_edges(members @ probabilities @ members)  # as many as are to be expected
    one, other = np.triu_indices(len(sizes))
    pairs = np.where(one == other, members[one] * (members[one] - 1) // 2, members[one] * members[other])
    numbers = distinct_numbers(pairs, generator.binomial(pairs, probabilities[one, other]), generator)
    first = np.cumsum(pairs) - pairs
    which = np.searchsorted(first + pairs, numbers, side="right")
    within, inside = numbers - first[which], one[which] == other[which]
    start = np.cumsum(members) - members
    apart = np.column_stack(np.divmod(within, members[other[which]]))
    ends = np.where(inside[:, None], pairs_of(within), apart)
    ends += np.column_stack([start[one[which]], start[other[which]]])
    made = Topology.from_pairs(int(members.sum()), ends)
    return replace(made, attributes={"block": tuple(np.repeat(np.arange(len(sizes)), members).tolist())})
