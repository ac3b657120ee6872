"""GraphML and GEXF through networkx, which gets only bytes that were checked, for its own parser trusts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import networkx as nx

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files.checked_xml import check_xml
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.networkx_graph import contents_of


def read_xml(data: bytes, *, root: str, reader: Callable[..., Any], format: str) -> Contents:
    """Return the contents of an XML file that a reader of networkx understands."""
    check_xml(data, root=root)
    try:
        graph = reader(BytesIO(data))
        _give_positions(graph)
        labelled = _give_names(graph)
        contents = contents_of(graph, format=format)
    except TopologyError:
        raise
    except Exception as error:  # networkx's readers fail in many ways on XML that is no graph
        raise TopologyError(f"expected {format}, got an error: {type(error).__name__}: {error}") from error
    return replace(contents, names_from="node labels") if labelled else contents


def _give_positions(graph: nx.Graph) -> None:
    """Move coordinates (`x`, `y`, `z` or GEXF's layout, which is always three-dimensional) to `pos`."""
    nodes = [data for _, data in graph.nodes(data=True)]
    for data in nodes:
        data.update(data.pop("viz", {}).get("position", {}))
    axes = [axis for axis in "xyz" if all(isinstance(data.get(axis), int | float) for data in nodes)]
    if axes[:2] != ["x", "y"]:
        return
    for data in nodes:
        data["pos"] = tuple(data.pop(axis) for axis in axes)
    if len(axes) == 3 and all(data["pos"][2] == 0 for data in nodes):
        for data in nodes:
            data["pos"] = data["pos"][:2]


def _give_names(graph: nx.Graph) -> bool:
    """Make GEXF's `label` the `name`, unless there is one, or two labels are the same."""
    nodes = [data for _, data in graph.nodes(data=True)]
    labels = {data.get("label") for data in nodes}
    if any("name" in data for data in nodes) or None in labels or len(labels) < len(nodes):
        return False
    for data in nodes:
        data["name"] = data.pop("label")
    return True
