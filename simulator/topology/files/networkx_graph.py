"""The contents of a graph that a reader of networkx has made."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files.contents import Contents


def contents_of(graph: nx.Graph, *, format: str, names_from: str = "node ids") -> Contents:
    """Return what a networkx graph says: `name`, `pos`, `weight` and all other attributes of nodes and links.

    The node attribute `name` gives the names where every node has one of its own, else the nodes themselves are the
    names; `pos` gives the places where every node has one.
    """
    nodes = list(graph.nodes)
    number = {node: index for index, node in enumerate(nodes)}
    edges = list(graph.edges(data=True))
    links = np.array([(number[one], number[other]) for one, other, _ in edges], dtype=np.int64).reshape(-1, 2)
    weights = None
    if any("weight" in about for _, _, about in edges):
        weights = np.array([_number(about.get("weight", 1.0), one, other) for one, other, about in edges])
    attributes = _columns([graph.nodes[node] for node in nodes])
    positions, places = None, attributes.pop("pos", (None,))
    if not any(place is None for place in places):
        positions = np.array([tuple(place) for place in places], dtype=float)
    labels = attributes.get("name", (None,))
    own = None not in labels and len(set(map(str, labels))) == len(nodes)
    if own:
        del attributes["name"]
    return Contents(
        format=format,
        names=tuple(map(str, labels if own else nodes)),
        links=links,
        directed=graph.is_directed(),
        weights=weights,
        weights_from="link attribute 'weight'" if weights is not None else "",
        names_from="node attribute 'name'" if own else names_from,
        attributes=attributes,
        link_attributes=_columns([{k: v for k, v in about.items() if k != "weight"} for _, _, about in edges]),
        positions=positions,
    )


def _columns(rows: list[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    keys = dict.fromkeys(key for row in rows for key in row)
    return {str(key): tuple(row.get(key) for row in rows) for key in keys}


def _number(weight: Any, source: Any, target: Any) -> float:
    try:
        value = float(weight)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise TopologyError(f"weight of edge {source!r}–{target!r}: expected a number, got {weight!r}")
    return value
