"""A topology in numbers, for its summary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.summary import Summary


def summary_of(topology: Topology, *, kind: str) -> Summary:
    """Return the summary that a topology brings, or else one that names the kind that has made it."""
    return topology.summary or summarise(topology, format=kind)


def summarise(
    topology: Topology,
    *,
    format: str,
    directed: bool | None = None,
    weights_from: str = "",
    names_from: str = "",
    times: str = "",
    left_out: tuple[str, ...] = (),
    merged: int = 0,
    dropped: Mapping[str, int] | None = None,
    notes: tuple[str, ...] = (),
) -> Summary:
    """Return the summary of a topology; what cannot be seen from it is given. O(N + E)."""
    one_way = not topology.is_symmetric if directed is None else directed
    weighted = topology.weights is not None
    return Summary(
        format=format,
        agents=topology.n_agents,
        links=topology.n_edges if one_way else topology.n_edges // 2,
        directed=one_way,
        weighted=weighted,
        weights_from=(weights_from or "given") if weighted else "none, all links are alike",
        names_from=names_from or "numbers",
        attributes=tuple(topology.attributes),
        link_attributes=tuple(topology.link_attributes),
        times=times,
        left_out=left_out,
        isolated=int((topology.in_degrees + topology.out_degrees == 0).sum()),
        components=_connected(topology, symmetric=not one_way)[0],
        merged=merged,
        dropped=dropped or {},
        notes=notes,
    )


def components(topology: Topology) -> NDArray[np.int64]:
    """Return the component of each agent, `[N]`, numbered by their first agents; directions do not count. O(N + E)."""
    return _connected(topology, symmetric=False)[1].astype(np.int64)


def _connected(topology: Topology, *, symmetric: bool) -> tuple[int, NDArray[np.int32]]:
    """Return how many components there are, and that of each agent; it takes less if the graph is known symmetric."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    shape = (topology.n_agents, topology.n_agents)
    edges = csr_array((np.ones(topology.n_edges), topology.targets, topology.first_edges), shape=shape)
    number, parts = connected_components(edges, directed=symmetric, connection="strong")
    return int(number), parts


def largest_component(topology: Topology) -> tuple[Topology, int]:
    """Return the agents of the largest component (of equal ones that of the first agent), and how many are left out."""
    part = components(topology)
    kept = part == np.argmax(np.bincount(part))
    if kept.all():
        return topology, 0
    agents = np.flatnonzero(kept).tolist()
    number = np.cumsum(kept) - 1
    edges = kept[topology.sources]
    numbers = np.flatnonzero(edges).tolist()
    made = replace(
        topology,
        n_agents=len(agents),
        sources=number[topology.sources[edges]],
        targets=number[topology.targets[edges]],
        weights=None if topology.weights is None else topology.weights[edges],
        positions=None if topology.positions is None else topology.positions[kept],
        names=tuple(topology.names[agent] for agent in agents),
        attributes={name: tuple(values[agent] for agent in agents) for name, values in topology.attributes.items()},
        link_attributes={
            name: tuple(values[edge] for edge in numbers) for name, values in topology.link_attributes.items()
        },
        summary=None,
    )
    return made, topology.n_agents - len(agents)
