"""From a graph file, which a stranger may have made, to a topology."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import networkx as nx

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.checked_xml import check_xml
from hubbub.simulator.topology.files.edge_list import parse_edge_list
from hubbub.simulator.topology.graph import Topology

XML_SUFFIXES = (".graphml", ".gexf")
TEXT_SUFFIXES = (".edges", ".edgelist", ".txt", ".csv", ".tsv")


def read_topology(path: str | Path, *, directed: bool | None = None) -> Topology:
    """Return the graph of a GraphML, GEXF or edge-list file; the suffix tells which.

    Node attributes, edge weights and directions are kept. Names are the node attribute `name` or `label` where
    every node has one of its own, else the ids; positions are `x`, `y` (and `z`) of GraphML or the layout of GEXF.
    `directed` belongs to edge lists, where False, the default, makes every line a link both ways.

    Raises
    ------
    TopologyError
        If the file is missing, too large, malformed, unsafe (XML with a document type, entities or external
        references) or holds no usable graph.
    """
    path = Path(path).expanduser()
    suffix = path.suffix.lower()
    if suffix not in XML_SUFFIXES + TEXT_SUFFIXES:
        suffixes = XML_SUFFIXES + TEXT_SUFFIXES
        raise TopologyError(
            complaint(f"suffix of {path}", expected=f"one of {', '.join(suffixes)}", got=suffix, valid=suffixes)
        )
    if directed is not None and suffix in XML_SUFFIXES:
        raise TopologyError(f"directed: an option of edge lists only; {path} says itself whether it is directed")
    try:
        data = _bytes(path)
        graph = parse_edge_list(data, directed=bool(directed)) if suffix in TEXT_SUFFIXES else _xml(data, suffix)
        if not graph.number_of_nodes():
            raise TopologyError("expected a graph with agents, got an empty one")
        return Topology.from_networkx(graph)
    except TopologyError as error:
        raise TopologyError(f"{path}: {error}") from error


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise TopologyError("there is no such file")
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAX_BYTES + 1)
    except OSError as error:
        raise TopologyError(f"cannot be read: {error.strerror}") from error
    limits.check_size("bytes", len(data), limits.MAX_BYTES)
    return data


def _xml(data: bytes, suffix: str) -> nx.Graph:
    """Return the graph in `data`; networkx gets only bytes that were checked, for its own parser trusts them."""
    root, reader, name = _FORMATS[suffix]
    check_xml(data, root=root)
    try:
        graph = reader(BytesIO(data))
        _give_positions(graph)
        _give_names(graph)
    except Exception as error:  # networkx's readers fail in many ways on XML that is no graph
        raise TopologyError(f"expected {name}, got an error: {type(error).__name__}: {error}") from error
    return graph


_FORMATS: dict[str, tuple[str, Callable[..., Any], str]] = {
    ".graphml": ("graphml", nx.read_graphml, "GraphML"),
    ".gexf": ("gexf", nx.read_gexf, "GEXF"),
}


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


def _give_names(graph: nx.Graph) -> None:
    """Make GEXF's `label` the `name`, unless there is one, or two labels are the same."""
    nodes = [data for _, data in graph.nodes(data=True)]
    labels = {data.get("label") for data in nodes}
    if any("name" in data for data in nodes) or None in labels or len(labels) < len(nodes):
        return
    for data in nodes:
        data["name"] = data.pop("label")
