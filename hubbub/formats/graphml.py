"""GraphML, for networkx, igraph, rustworkx, Gephi, Cytoscape and yEd."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hubbub.formats.graph_data import WEIGHT, GraphData, weights_in, written_name
from hubbub.formats.values import Kind, typed_texts
from hubbub.formats.xml_text import xml_text


def graphml(graph: GraphData, *, label: str = "name") -> bytes:
    """Return the graph as GraphML: labels as the attribute `label`, places as `x`, `y`, `z`, weights as `weight`.

    An attribute of the user that has one of these names is written as `attribute:NAME`. Values are those of `values`.
    """
    return "\n".join(_lines(graph, label)).encode()


def _lines(graph: GraphData, label: str) -> Iterator[str]:
    nodes = _Columns("n")
    nodes.add(label, ("string", list(graph.labels)))
    taken = [label]
    if graph.positions is not None:
        for axis, places in zip("xyz", graph.positions.T.tolist(), strict=False):
            nodes.add(axis, typed_texts(places))
    if graph.positions is not None or _look_like_places(graph):
        taken += ["x", "y", "z"]
    for name, values in graph.attributes.items():
        nodes.add(written_name(name, tuple(taken)), typed_texts(values))
    links = _Columns("e")
    if graph.weights is not None:
        links.add(WEIGHT, typed_texts(np.asarray(graph.weights, dtype=np.float64).tolist()))
    for name, values in graph.link_attributes.items():
        links.add(written_name(name, weights_in(graph.link_attributes)), typed_texts(values))
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    yield from nodes.keys("node")
    yield from links.keys("edge")
    yield f'<graph edgedefault="{"directed" if graph.directed else "undirected"}">'
    for node in range(len(graph.labels)):
        yield f'<node id="{node}">{nodes.data(node)}</node>'
    for link, (source, target) in enumerate(graph.ends.tolist()):
        data = links.data(link)
        yield f'<edge source="{source}" target="{target}"' + (f">{data}</edge>" if data else "/>")
    yield "</graph>"
    yield "</graphml>\n"


class _Columns:
    """The attributes of nodes or of links, ready to be written."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._kinds: list[tuple[str, Kind]] = []
        self._cells: list[list[str]] = []

    def add(self, name: str, column: tuple[Kind, list[str | None]]) -> None:
        """Add an attribute."""
        kind, texts = column
        opening = f'<data key="{self._prefix}{len(self._kinds)}">'
        self._kinds.append((name, kind))
        self._cells.append(["" if text is None else f"{opening}{xml_text(text)}</data>" for text in texts])

    def keys(self, domain: str) -> Iterator[str]:
        """Yield the declarations."""
        for number, (name, kind) in enumerate(self._kinds):
            key = f'id="{self._prefix}{number}" for="{domain}"'
            yield f'<key {key} attr.name="{xml_text(name)}" attr.type="{kind}"/>'

    def data(self, row: int) -> str:
        """Return the values of one node or link."""
        return "".join([cells[row] for cells in self._cells])


def _look_like_places(graph: GraphData) -> bool:
    """Whether a reader would take the attributes `x` and `y` for places."""
    columns = [typed_texts(graph.attributes[axis]) for axis in "xy" if axis in graph.attributes]
    return len(columns) == 2 and all(kind in ("long", "double") and None not in texts for kind, texts in columns)
