"""GEXF 1.2, for Gephi, Gephi Lite, networkx and Sigma."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from hubbub.formats.graph_data import COURSE, GraphData, Spell, weights_in, written_name
from hubbub.formats.values import typed_texts
from hubbub.formats.xml_text import xml_text

NODE_NAMES = ("name", "label", "viz")
LINK_NAMES = ("id", "spells", "key", "networkx_key")
"""Names that GEXF, or networkx when it reads it, uses for parts of its own."""

SPACES = 'xmlns="http://www.gexf.net/1.2draft" xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2"'


def gexf(graph: GraphData) -> bytes:
    """Return the graph as GEXF: labels, places, colours and sizes of nodes, weights and times as the format has them.

    An attribute of the user with a name that the format uses itself is written as `attribute:NAME`. Values are those of
    `values`.
    """
    return "\n".join(_lines(graph)).encode()


def _lines(graph: GraphData) -> Iterator[str]:
    moving = graph.spells is not None or graph.courses is not None
    nodes, links = _Columns(), _Columns()
    node_names = NODE_NAMES if graph.courses else (*NODE_NAMES, *_courses(graph.attributes))
    link_names = (*LINK_NAMES, *weights_in(graph.link_attributes), *_courses(graph.link_attributes))
    for name, values in graph.attributes.items():
        nodes.add(written_name(name, node_names), values)
    for name, course in (graph.courses or {}).items():
        nodes.add_course(written_name(name, NODE_NAMES), course)
    for name, values in graph.link_attributes.items():
        links.add(written_name(name, link_names), values)
    weights = None if graph.weights is None else typed_texts(np.asarray(graph.weights, dtype=np.float64).tolist())[1]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<gexf {SPACES}>"
    yield "<meta><creator>hubbub</creator></meta>"
    time = ' mode="dynamic" timeformat="double"' if moving else ' mode="static"'
    yield f'<graph defaultedgetype="{"directed" if graph.directed else "undirected"}"{time}>'
    yield from nodes.declarations("node")
    yield from links.declarations("edge")
    yield "<nodes>"
    for node, label in enumerate(graph.labels):
        yield f'<node id="{node}" label="{xml_text(label)}">{nodes.data(node)}{_drawn(graph, node)}</node>'
    yield "</nodes>"
    yield "<edges>"
    for link, (source, target) in enumerate(graph.ends.tolist()):
        weight = "" if weights is None or weights[link] is None else f' weight="{weights[link]}"'
        spells = "" if graph.spells is None else _spells(graph.spells[link])
        yield f'<edge id="{link}" source="{source}" target="{target}"{weight}>{links.data(link)}{spells}</edge>'
    yield "</edges>"
    yield "</graph>"
    yield "</gexf>\n"


def _courses(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.endswith(COURSE)]


class _Columns:
    """The attributes of nodes or of links, ready to be written."""

    def __init__(self) -> None:
        self._declared: dict[str, list[str]] = {"static": [], "dynamic": []}
        self._cells: list[list[str]] = []

    def add(self, title: str, values: Sequence[Any] | np.ndarray) -> None:
        """Add an attribute."""
        kind, texts = typed_texts(values)
        opening = f'<attvalue for="{len(self._cells)}" value='
        self._declare("static", title, kind)
        self._cells.append(["" if text is None else f'{opening}"{xml_text(text)}"/>' for text in texts])

    def add_course(self, title: str, course: Sequence[Sequence[tuple[Any, float, float]]]) -> None:
        """Add an attribute whose values have times."""
        kind, texts = typed_texts([value for of_one in course for value, _, _ in of_one])
        opening, spoken = f'<attvalue for="{len(self._cells)}" value=', iter(texts)
        self._declare("dynamic", title, kind)
        cells = []
        for of_one in course:
            said = [(next(spoken), first, last) for _, first, last in of_one]
            cells.append(
                "".join(f'{opening}"{xml_text(t)}" start="{f}" end="{n}"/>' for t, f, n in said if t is not None)
            )
        self._cells.append(cells)

    def _declare(self, mode: str, title: str, kind: str) -> None:
        declared = f'<attribute id="{len(self._cells)}" title="{xml_text(title)}" type="{kind}"/>'
        self._declared[mode].append(declared)

    def declarations(self, kind: str) -> Iterator[str]:
        """Yield the declarations of all attributes."""
        for mode, lines in self._declared.items():
            if lines:
                yield f'<attributes class="{kind}" mode="{mode}">'
                yield from lines
                yield "</attributes>"

    def data(self, row: int) -> str:
        """Return the values of one node or link."""
        values = "".join([cells[row] for cells in self._cells])
        return f"<attvalues>{values}</attvalues>" if values else ""


def _drawn(graph: GraphData, node: int) -> str:
    """Return the colour, the place and the size of a node."""
    parts = []
    if graph.colours is not None:
        red, green, blue = graph.colours[node]
        parts.append(f'<viz:color r="{red}" g="{green}" b="{blue}" a="1.0"/>')
    if graph.positions is not None:
        x, y, z = np.append(graph.positions[node], [0.0, 0.0])[:3].tolist()
        parts.append(f'<viz:position x="{x}" y="{y}" z="{z}"/>')
    if graph.sizes is not None:
        parts.append(f'<viz:size value="{graph.sizes[node]}"/>')
    return "".join(parts)


def _spells(spells: Sequence[Spell]) -> str:
    inner = "".join(f'<spell start="{first}" end="{last}"/>' for first, last in spells)
    return f"<spells>{inner}</spells>" if inner else ""
