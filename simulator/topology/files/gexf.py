"""GEXF 1.0 to 1.3, as Gephi, Gephi Lite, rgexf, networkx and hubbub write it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.gexf_contents import Elements, GexfParts, gexf_contents
from hubbub.simulator.topology.files.node_numbers import NodeNumbers
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.sparse_column import SparseColumn
from hubbub.simulator.topology.files.xml_parsing import ManyElements, local, pairs, parse_in_chunks, safe_parser

TIMED = ("start", "end", "startopen", "endopen", "timestamp", "timestamps", "intervals")
SHAPES = ("color", "size", "shape", "thickness")


@graph_format("GEXF", suffixes=(".gexf",), looks=lambda head: b"gexf" in head, options=("at", "groups"), large=True)
def read_gexf(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a GEXF file at one moment, `options.at`: by default the last at which there is a link.

    Nodes, links and values of attributes that are not there at the moment are left out; "FROM..TO" takes all that is
    there at any moment between, and of several values the last. Names are the labels where every node has one of its
    own, else the ids; places are those of the layout (`viz`). O(bytes).
    """
    reading = _Reading()
    parse_in_chunks(reading.parser, data, reading.flush)
    return gexf_contents(reading.parts(), options)


class _Reading:
    """Takes the events of the parser; `flush` turns those of a chunk into arrays."""

    def __init__(self) -> None:
        self.parser = safe_parser()
        self.kinds = {"node": Elements(), "edge": Elements()}
        self.ids = NodeNumbers()
        self.nodes: list[int] = []
        self.declared: set[int] = set()
        self.labels: list[str | None] = []
        self.parents: list[str | int | None] = []  # the id, or the row, of the node around each
        self.places: dict[int, tuple[float, ...]] = {}
        self.shapes: dict[str, None] = {}
        self.edges = ManyElements()
        self.n_edges = self.n_others = 0
        self.ends: list[np.ndarray] = []
        self.types: list[Sequence[str | None]] = []
        self.weights = SparseColumn("weight", "double")
        self.about_edges = {name: SparseColumn(name) for name in ("label", "kind")}
        self.graph: dict[str, str] | None = None
        self.opened: list[str] = []
        self.open_nodes: list[int] = []
        self.attributes: tuple[str, bool] = ("node", False)
        self.column: SparseColumn | None = None
        self.texts: list[str] = []
        self.in_edge = False
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "graph": self._start_graph,
            "node": self._start_node,
            "attributes": self._start_attributes,
            "attribute": self._start_attribute,
            "attvalue": self._start_value,
            "spell": self._start_spell,
            "slice": self._start_spell,
            "parent": self._start_parent,
            "position": self._start_position,
        }
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: list[str]) -> None:
        name = local(tag)
        if name == "edge":
            self.edges.flat.extend(attributes)
            self.edges.widths.append(len(attributes))
            self.in_edge = True
            return
        if not self.opened and name != "gexf":
            raise TopologyError(f"expected the root element <gexf>, got <{name}>")
        self.n_others += 1
        self.opened.append(name)
        if len(self.opened) > limits.MAX_DEPTH:
            limits.check_size("nested XML elements", len(self.opened), limits.MAX_DEPTH)
        if name in self.starts:
            self.starts[name](pairs(attributes))
        elif name == "default":
            self.parser.CharacterDataHandler = self.texts.append
        elif name in SHAPES:
            self.shapes[name] = None

    def _end(self, tag: str) -> None:
        name = local(tag)
        if name == "edge":
            self.in_edge = False
            return
        self.opened.pop()
        if name == "node":
            self.open_nodes.pop()
        elif name == "default":
            self.parser.CharacterDataHandler = None
            if self.column is not None:
                self.column.default = "".join(self.texts)
            self.texts.clear()
        elif name == "attribute":
            self.column = None

    def _start_graph(self, about: dict[str, str]) -> None:
        if self.graph is not None:
            raise TopologyError("expected one graph, got a second one")
        self.graph = about

    def _start_attributes(self, about: dict[str, str]) -> None:
        self.attributes = about.get("class", "node"), about.get("mode") == "dynamic"
        if self.attributes[0] not in self.kinds:
            raise TopologyError(f"attributes: expected the class node or edge, got {self.attributes[0]!r}")

    def _start_attribute(self, about: dict[str, str]) -> None:
        elements = self.kinds[self.attributes[0]]
        key = about.get("id", about.get("title", ""))
        title = about.get("title", key)
        if any(column.name == title for column in elements.columns.values()):
            title = f"{title} ({key})"
        self.column = elements.columns[key] = SparseColumn(title, about.get("type", "string"))

    def _start_node(self, about: dict[str, str]) -> None:
        if "id" not in about:
            raise TopologyError("expected nodes with an id, got one without")
        number = self.ids.of_id[about["id"]]
        if number in self.declared:
            raise TopologyError(f"the node {about['id']!r} is there twice")
        row = len(self.nodes)
        self.declared.add(number)
        self.nodes.append(number)
        self.labels.append(about.get("label"))
        self.parents.append(about.get("pid", self.open_nodes[-1] if self.open_nodes else None))
        self.open_nodes.append(row)
        self.kinds["node"].lives.add(row, about)

    def _start_value(self, about: dict[str, str]) -> None:
        key = about.get("for", about.get("id", ""))
        elements, row = self._owner()
        if key not in elements.columns:
            raise TopologyError(f"expected values of attributes that are declared, got one for {key!r}")
        if "value" not in about:
            raise TopologyError(f"expected a value of the attribute {elements.columns[key].name!r}, got none")
        if any(name in about for name in TIMED) and (stretches := elements.valid.add(row, about)):
            elements.timed += [(key, about["value"])] * stretches
            return
        elements.columns[key].rows.append(row if elements is self.kinds["node"] else len(self.edges) - 1)
        elements.columns[key].texts.append(about["value"])

    def _start_spell(self, about: dict[str, str]) -> None:
        elements, row = self._owner()
        elements.spells.add(row, about)

    def _owner(self) -> tuple[Elements, int]:
        if self.in_edge:
            return self.kinds["edge"], self.n_edges + len(self.edges) - 1
        if not self.open_nodes:
            raise TopologyError("expected values and spells inside nodes and edges, got one outside")
        return self.kinds["node"], self.open_nodes[-1]

    def _start_parent(self, about: dict[str, str]) -> None:
        if self.open_nodes and "for" in about:
            self.parents[self.open_nodes[-1]] = about["for"]

    def _start_position(self, about: dict[str, str]) -> None:
        if not self.open_nodes or self.in_edge:
            return
        try:
            self.places[self.open_nodes[-1]] = tuple(float(about.get(axis, 0)) for axis in "xyz")
        except ValueError:
            raise TopologyError(f"position: expected numbers, got {about}") from None

    def flush(self) -> None:
        """Turn the edges and values of the chunk into arrays, and check the sizes so far."""
        for kind, first in (("node", 0), ("edge", self.n_edges)):
            for column in self.kinds[kind].columns.values():
                column.flush(first)
        if len(self.edges):
            self._flush_edges(self.edges.by_name())
            self.n_edges += len(self.edges)
            self.edges.clear()
        limits.check_size("nodes", len(self.nodes), limits.MAX_AGENTS)
        limits.check_size("edges", self.n_edges, limits.MAX_EDGES)
        limits.check_size("XML elements", self.n_others + self.n_edges, limits.MAX_ELEMENTS)

    def _flush_edges(self, edges: dict[str, Sequence[str | None]]) -> None:
        n = len(self.edges)
        flat: list[Sequence[Any]] = [edges.get(end) or [None] for end in ("source", "target")]
        if any(None in ends for ends in flat):
            raise TopologyError("expected edges with a source and a target, got one without")
        self.ends.append(np.stack([self.ids.all(ends) for ends in flat], axis=1))
        self.types.append(edges.get("type", [None] * n))
        for name, column in (("weight", self.weights), *self.about_edges.items()):
            for row, text in enumerate(edges.get(name, ())):
                if text is not None:
                    column.rows.append(row)
                    column.texts.append(text)
            column.flush(self.n_edges)
        if any(name in edges for name in TIMED):
            for row in range(n):
                said = {name: edges[name][row] for name in TIMED if name in edges}
                about = {name: text for name, text in said.items() if text is not None}
                self.kinds["edge"].lives.add(self.n_edges + row, about)

    def parts(self) -> GexfParts:
        """Return all that was read."""
        if self.graph is None:
            raise TopologyError("expected GEXF, got an error: it has no graph")
        names = list(self.ids.of_id)
        row_of = np.full(len(names), -1, dtype=np.int64)
        row_of[self.nodes] = np.arange(len(self.nodes))
        ends = row_of[np.concatenate([np.empty((0, 2), np.int32), *self.ends])]
        if (ends < 0).any():
            unknown = min(name for name, number in self.ids.of_id.items() if row_of[number] < 0)
            raise TopologyError(f"expected edges between nodes of the graph, got one that ends at {unknown!r}")
        row_of_id = {name: int(row_of[number]) for name, number in self.ids.of_id.items()}
        parents = [row_of_id.get(one, -1) if isinstance(one, str) else one for one in self.parents]
        default = self.graph.get("defaultedgetype", "undirected").lower()
        return GexfParts(
            ids=[names[number] for number in self.nodes],
            labels=self.labels,
            parents=np.array([-1 if one is None else one for one in parents], dtype=np.int64),
            ends=ends,
            directed=np.array(
                [(one.lower() if one else default) == "directed" for some in self.types for one in some], dtype=bool
            ),
            nodes=self.kinds["node"],
            edges=self.kinds["edge"],
            weights=self.weights,
            about_edges=self.about_edges,
            places=self.places,
            left_out=tuple(f"viz:{shape}" for shape in self.shapes),
        )
