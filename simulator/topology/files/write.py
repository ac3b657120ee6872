"""Topologies for other tools: Gephi, Cytoscape, igraph, networkx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from hubbub.formats.gexf import gexf
from hubbub.formats.graph_data import GraphData
from hubbub.formats.graphml import graphml
from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.graph import Topology

Attributes = Mapping[str, Sequence[Any] | np.ndarray]


def write_graphml(topology: Topology, path: str | Path | IO[bytes], *, attributes: Attributes | None = None) -> None:
    """Write the graph as GraphML to a path or an open binary file, positions as the node attributes `x`, `y` (and `z`).

    `attributes` adds node attributes, name → N values, numpy's included. What values of any sort become is told by
    `hubbub.formats.values`: None and NaN are left out, a mixed column is text. A symmetric graph is written as an
    undirected one. `read_topology` gives the same topology back, except for values that became text.
    """
    _write(graphml(_graph(topology, attributes)), path)


def write_gexf(topology: Topology, path: str | Path | IO[bytes], *, attributes: Attributes | None = None) -> None:
    """Write the graph as GEXF, positions as its layout; all else as in `write_graphml`."""
    _write(gexf(_graph(topology, attributes)), path)


def _write(data: bytes, path: str | Path | IO[bytes]) -> None:
    if isinstance(path, str | Path):
        Path(path).write_bytes(data)
    else:
        path.write(data)


def _graph(topology: Topology, attributes: Attributes | None) -> GraphData:
    known: dict[str, Any] = {**topology.attributes, **(attributes or {})}
    for name, values in known.items():
        if len(values) != topology.n_agents:
            raise TopologyError(f"attribute {name!r}: expected {topology.n_agents} values, got {len(values)}")
    ends, links = np.column_stack([topology.sources, topology.targets]), topology.link_attributes
    directed = not (topology.is_symmetric and _alike_both_ways(topology))
    kept = np.arange(len(ends)) if directed else np.flatnonzero(topology.sources < topology.targets)
    numbers = kept.tolist()
    return GraphData(
        labels=topology.names,
        ends=ends[kept],
        directed=directed,
        weights=None if topology.weights is None else topology.weights[kept],
        attributes=known,
        link_attributes={name: [values[link] for link in numbers] for name, values in links.items()},
        positions=topology.positions,
    )


def _alike_both_ways(topology: Topology) -> bool:
    """Whether the attributes of every link are those of its opposite."""
    opposite = np.lexsort((topology.sources, topology.targets)).tolist()
    return all(
        all(value == values[other] or (value != value and values[other] != values[other]) for value, other in both)
        for values in topology.link_attributes.values()
        for both in [zip(values, opposite, strict=True)]
    )
