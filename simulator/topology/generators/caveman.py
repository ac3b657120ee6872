"""Caves: cliques with few links between them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_agents, check_edges

Whole = Annotated[int, Field(ge=0)]
Several = Annotated[int, Field(ge=2, le=10_000)]


@topology("caveman")
def caveman(caves: Several, cave_size: Several, *, bridges: Whole, generator: np.random.Generator) -> Topology:
    """Return cliques of equal size in which `bridges` links, drawn at random, are replaced by links between cliques.

    The first bridges close a ring of caves, one from each cave to the next; the others are between any two agents of
    different caves. The number of links does not depend on `bridges`. The node attribute `block` is the cave.

    References
    ----------
    Watts (1999), Networks, dynamics, and the small-world phenomenon.
    """
    n_agents = caves * cave_size
    check_agents(n_agents)
    n_links = caves * cave_size * (cave_size - 1) // 2
    check_edges(2 * n_links)
    if bridges > n_links:
        raise TopologyError(complaint("bridges", expected=f"at most {n_links}, the number of links", got=bridges))
    inside = np.stack(np.triu_indices(cave_size, 1), axis=1)
    pairs = (cave_size * np.arange(caves)[:, None, None] + inside).reshape(-1, 2)
    kept = np.delete(pairs, generator.choice(n_links, bridges, replace=False), axis=0)
    drawn: dict[tuple[int, int], None] = {}
    while len(drawn) < bridges:
        if len(drawn) < caves:
            ends = [len(drawn), (len(drawn) + 1) % caves] * np.array(cave_size) + generator.integers(cave_size, size=2)
        else:
            ends = generator.integers(n_agents, size=2)
        low, high = sorted(ends.tolist())
        if low // cave_size != high // cave_size:
            drawn[low, high] = None
    links = np.concatenate([kept, np.array(list(drawn), dtype=np.int64).reshape(-1, 2)])
    made = Topology.from_pairs(n_agents, links)
    return replace(made, attributes={"block": tuple(np.repeat(np.arange(caves), cave_size).tolist())})
