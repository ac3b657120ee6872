"""Topologies for other tools: Gephi, Cytoscape, igraph, networkx."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import networkx as nx
import numpy as np

from hubbub.simulator.topology.graph import Topology

Attributes = Mapping[str, Sequence[Any] | np.ndarray]


def write_graphml(topology: Topology, path: str | Path | IO[bytes], *, attributes: Attributes | None = None) -> None:
    """Write the graph as GraphML to a path or an open binary file, positions as the node attributes `x`, `y` (and `z`).

    `attributes` adds node attributes, name → N values, numpy's included; None and NaN are left out, and what
    is neither number nor text is written as text. A symmetric graph is written as an undirected one.
    `read_topology` gives the same topology back.
    """
    graph = _graph(topology, attributes)
    for _, data in graph.nodes(data=True):
        data.update(zip("xyz", data.pop("pos", ()), strict=False))
    nx.write_graphml_xml(graph, path, infer_numeric_types=True)


def write_gexf(topology: Topology, path: str | Path, *, attributes: Attributes | None = None) -> None:
    """Write the graph as GEXF, positions as its layout; all else as in `write_graphml`."""
    graph = _graph(topology, attributes)
    for _, data in graph.nodes(data=True):
        data["label"] = data.pop("name")
        if "pos" in data:
            data["viz"] = {"position": {"z": 0.0} | dict(zip("xyz", data.pop("pos"), strict=False))}
    nx.write_gexf(graph, path)


def _graph(topology: Topology, attributes: Attributes | None) -> nx.Graph:
    more = {name: tuple(values) for name, values in (attributes or {}).items()}
    known = {name: tuple(map(_plain, values)) for name, values in {**topology.attributes, **more}.items()}
    graph = replace(topology, attributes=known).to_networkx()
    return graph.to_undirected() if topology.is_symmetric else graph


def _plain(value: Any) -> Any:
    """Return what both formats can say: a number, a truth value, a text, or None where there is nothing to say."""
    value = value.item() if isinstance(value, np.generic) else value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)
