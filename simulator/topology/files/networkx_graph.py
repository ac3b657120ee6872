"""The contents of a graph that a reader of networkx has made."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import networkx as nx
import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.labels import Columns, named, placed, with_own_names


def contents_of(graph: nx.Graph, *, format: str, ids_from: str = "node ids") -> Contents:
    """Return what a networkx graph says: names, places, weights and all other attributes of nodes and links.

    The node attribute `name`, else `label`, gives the names where every node has one of its own, else the nodes
    themselves are the names. Places are those of `labels.placed`.
    """
    nodes = list(graph.nodes)
    number = {node: index for index, node in enumerate(nodes)}
    edges = list(graph.edges(data=True))
    links = np.array([(number[one], number[other]) for one, other, _ in edges], dtype=np.int64).reshape(-1, 2)
    weights = None
    if any("weight" in about for _, _, about in edges):
        weights = np.array([_number(about.get("weight", 1.0), one, other) for one, other, about in edges])
    attributes: Columns = {**_columns([graph.nodes[node] for node in nodes])}
    labels: dict[str, tuple[str, Sequence[Any]]]
    labels = {key: (f"node attribute {key!r}", attributes[key]) for key in ("name", "label") if key in attributes}
    names, names_from, used = named(list(map(str, nodes)), labels, ids_from)
    if used is not None:
        del attributes[used]
    positions, attributes = placed(attributes)
    return Contents(
        format=format,
        names=names,
        names_from=names_from,
        links=links,
        directed=graph.is_directed(),
        weights=weights,
        weights_from="link attribute 'weight'" if weights is not None else "",
        attributes=with_own_names(attributes),
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
