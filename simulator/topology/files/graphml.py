"""GraphML, as networkx, igraph, graph-tool, Gephi, Cytoscape, yEd and hubbub write it."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.graphml_contents import GraphmlParts, graphml_contents
from hubbub.simulator.topology.files.groups import Nesting
from hubbub.simulator.topology.files.node_numbers import NodeNumbers
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.regular_edges import EdgeForm, RegularEdges
from hubbub.simulator.topology.files.sparse_column import SparseColumn
from hubbub.simulator.topology.files.xml_parsing import ManyElements, local, pairs, parse_in_chunks, safe_parser
from hubbub.simulator.topology.files.yed import Graphics

KNOWN = frozenset({"node", "graph", "key", "default", "hyperedge", "port"})
DOMAINS = ("node", "edge", "graph")
GRAPHICS = ("nodegraphics", "edgegraphics")
UNREADABLE = ("python_object", "resources", "portgraphics", "portgeometry", "portuserdata")
"""Types of values that only another program may read: graph-tool's pickles, yEd's pictures of ports."""


@graph_format(
    "GraphML", suffixes=(".graphml", ".xml"), looks=lambda head: b"graphml" in head, options=("groups",), large=True
)
def read_graphml(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a GraphML file.

    A value that a key declares as default belongs to all nodes or edges without one. Names are yEd's labels, else the
    attribute `name`, else `label`, where every node has one of its own, else the ids. Places are yEd's, or `x`, `y`
    and perhaps `z`, or graph-tool's vector `pos`. Nodes that yEd marks as groups are no agents unless `groups` says so.
    O(bytes).
    """
    reading = _Reading(data)
    try:
        parse_in_chunks(reading.parser, data, reading.flush, reading.regular)
    except TopologyError as error:
        if not (reading.regular.skipped and isinstance(error.__cause__, expat.ExpatError)):
            raise
        reading = _Reading(data)  # once more, for the line of the error: the parser counts those that it was given
        parse_in_chunks(reading.parser, data, reading.flush)
    return graphml_contents(reading.parts(), options)


class _Nothing(dict[str, Any]):
    """The keys of an element whose data nobody wants."""

    def __missing__(self, key: str) -> None:
        return None


class _Reading:
    """Takes the events of the parser; `flush` turns those of a chunk into arrays."""

    def __init__(self, data: bytes) -> None:
        self.parser = safe_parser()
        self.regular = RegularEdges(self.parser, data, self._take)
        self.columns: dict[str, dict[str, SparseColumn | Graphics | None]] = {domain: {} for domain in DOMAINS}
        self.left_out: list[str] = []
        self.ids = NodeNumbers()
        self.nodes: list[int] = []  # number of each declared node
        self.declared: set[int] = set()
        self.parents: list[int] = []
        self.within: list[int] = []  # rows of the nodes that are open
        self.groups: list[bool] = []
        self.edges = ManyElements()
        self.n_edges = self.n_others = 0
        self.ends: list[np.ndarray] = []
        self.directions: list[np.ndarray] = []
        self.directed: list[bool] = []  # of the graphs that are open
        self.opened: list[str] = []
        self.owners: list[tuple[dict[str, Any], int]] = [(_Nothing(), -1)]  # whose data: keys and row
        self.key: list[SparseColumn] = []
        self.texts: list[str] = []
        self.parser.StartElementHandler = self._root
        self.parser.EndElementHandler = None

    def _root(self, tag: str, attributes: list[str]) -> None:
        """Take the first element; the others have its prefix, if it has one."""
        if local(tag) != "graphml":
            raise TopologyError(f"expected the root element <graphml>, got <{local(tag)}>")
        self.opened.append("graphml")
        self._listen(tag.removesuffix("graphml"))

    def _listen(self, prefix: str) -> None:
        """Take all further elements: the many, edges and data, here, and the few in methods."""
        parser, texts, owners, add_text = self.parser, self.texts, self.owners, self.texts.append
        widths, add_attributes, add_width = self.edges.widths, self.edges.flat.extend, self.edges.widths.append
        edge_tag, data_tag, of_edges = f"{prefix}edge", f"{prefix}data", self.columns["edge"]
        self.regular.edge_tag, self.regular.data_tag = edge_tag, data_tag
        in_edge, in_data, row = False, False, -1
        column: SparseColumn | Graphics | None = None

        def start(tag: str, attributes: list[str]) -> None:
            nonlocal in_edge, in_data, column, row
            if tag == edge_tag:
                add_attributes(attributes)
                add_width(len(attributes))
                in_edge = True
            elif tag == data_tag:
                key = attributes[1] if attributes[:1] == ["key"] else pairs(attributes).get("key", "")
                columns, row = (of_edges, -1) if in_edge else owners[-1]
                try:
                    column = columns[key]
                except KeyError:
                    raise TopologyError(f"expected data of a key that is declared, got the key {key!r}") from None
                in_data = True
                parser.CharacterDataHandler = add_text
            elif in_data:
                if isinstance(column, Graphics):
                    column.start(self.n_edges + len(widths) - 1 if in_edge else row, tag, attributes, "".join(texts))
                texts.clear()
                self._open(tag)
            else:
                if in_edge and local(tag) == "graph":
                    raise TopologyError("expected edges without graphs inside them, got one with a graph")
                self._start(tag, local(tag), attributes)

        def end(tag: str) -> None:
            nonlocal in_edge, in_data
            if tag == data_tag:
                parser.CharacterDataHandler = None
                if type(column) is SparseColumn:
                    column.rows.append(len(widths) - 1 if in_edge else row)  # a new chunk may have begun
                    column.texts.append(texts[0] if len(texts) == 1 else "".join(texts))
                texts.clear()
                in_data = False
            elif tag == edge_tag:
                in_edge = False
            elif in_data:
                if isinstance(column, Graphics):
                    column.end(self.n_edges + len(widths) - 1 if in_edge else row, "".join(texts))
                texts.clear()
                self.opened.pop()
            else:
                self._end(local(tag))

        parser.StartElementHandler, parser.EndElementHandler = start, end

    def _take(self, form: EdgeForm, found: list[str]) -> bool:
        """Take edges of one form, whose values are in `found` (text between, values, text between …); False if not.

        They are taken where the parser is directly inside a graph and their data are values of attributes.
        """
        columns = [self.columns["edge"].get(key) for key in form.keys]
        if self.opened[-1:] != ["graph"] or not all(type(column) is SparseColumn for column in columns):
            return False
        if found:
            self.flush()
            stride, n_attributes = 1 + form.pattern.groups, len(form.attributes)
            values = [found[1 + place :: stride] for place in range(stride - 1)]
            self.edges.fill(dict(zip(form.attributes, values[:n_attributes], strict=True)), len(found) // stride)
            for column, texts in zip(columns, values[n_attributes:], strict=True):
                assert isinstance(column, SparseColumn)
                column.rows.extend(range(len(texts)))
                column.texts.extend(texts)
            self.flush()
        return True

    def _open(self, tag: str) -> None:
        self.n_others += 1
        self.opened.append(tag)
        if len(self.opened) > limits.MAX_DEPTH:
            limits.check_size("nested XML elements", len(self.opened), limits.MAX_DEPTH)

    def _start(self, tag: str, name: str, attributes: list[str]) -> None:
        outer = self.opened[-1] if self.opened else ""
        self._open(name)
        if name not in KNOWN:
            return
        about = pairs(attributes)
        if name == "node":
            self._start_node(about)
        elif name == "graph":
            if self.directed and outer != "node":
                raise TopologyError("expected one graph, got a second one")
            self.flush()
            self.directed.append(about.get("edgedefault", "directed").lower() != "undirected")
            self.owners.append((self.columns["graph"] if len(self.directed) == 1 else _Nothing(), 0))
        elif name == "key":
            self._start_key(about)
        elif name == "default":
            self.parser.CharacterDataHandler = self.texts.append
        elif name == "hyperedge":
            raise TopologyError("expected edges between two nodes, got a hyperedge")
        elif name == "port":
            self.owners.append((_Nothing(), -1))

    def _end(self, name: str) -> None:
        self.opened.pop()
        if name == "node":
            self.owners.pop()
            self.within.pop()
        elif name == "port":
            self.owners.pop()
        elif name == "graph":
            self.flush()
            self.owners.pop()
            if len(self.directed) > 1:
                self.directed.pop()
        elif name == "default":
            self.parser.CharacterDataHandler = None
            for column in self.key:
                column.default = "".join(self.texts)
            self.texts.clear()
        elif name == "key":
            self.key.clear()

    def _start_node(self, about: dict[str, str]) -> None:
        if "id" not in about:
            raise TopologyError("expected nodes with an id, got one without")
        number = self.ids.of_id[about["id"]]
        if number in self.declared:
            raise TopologyError(f"the node {about['id']!r} is there twice")
        self.declared.add(number)
        self.parents.append(self.within[-1] if self.within else -1)
        self.within.append(len(self.nodes))
        self.groups.append("yfiles.foldertype" in about)
        self.owners.append((self.columns["node"], len(self.nodes)))
        self.nodes.append(number)

    def _start_key(self, about: dict[str, str]) -> None:
        key, kind = about.get("id", ""), about.get("attr.type", about.get("yfiles.type", "string"))
        name = about.get("attr.name", key)
        for domain in DOMAINS:
            if about.get("for", "all") not in ("all", domain):
                continue
            columns = self.columns[domain]
            if kind in GRAPHICS:
                columns[key] = Graphics()
            elif kind in UNREADABLE:
                columns[key] = None
                self.left_out.append(f"{name} ({kind})")
            else:
                column = columns[key] = SparseColumn(name, kind)
                self.key.append(column)

    def flush(self) -> None:
        """Turn the edges and data of the chunk into arrays, and check the sizes so far."""
        n_data = 0
        for domain, first in (("node", 0), ("edge", self.n_edges), ("graph", 0)):
            for column in self.columns[domain].values():
                if isinstance(column, SparseColumn):
                    n_data += len(column.rows)
                    column.flush(first)
        if len(self.edges):
            edges = self.edges.by_name()
            flat = [edges.get(end) or [None] for end in ("source", "target")]
            if any(None in ends for ends in flat):
                raise TopologyError("expected edges with a source and a target, got one without")
            n = len(self.edges)
            numbers = [self.ids.all(ends) for ends in flat]  # type: ignore[arg-type]
            self.ends.append(np.stack(numbers, axis=1))
            default = self.directed[-1] if self.directed else True
            said = edges.get("directed")
            self.directions.append(
                np.full(n, default)
                if said is None
                else np.array([default if one is None else one.lower() in ("true", "1") for one in said])
            )
            self.n_edges += n
            self.edges.clear()
        self.n_others += n_data
        limits.check_size("nodes", len(self.nodes), limits.MAX_AGENTS)
        limits.check_size("edges", self.n_edges, limits.MAX_EDGES)
        limits.check_size("XML elements", self.n_others + self.n_edges, limits.MAX_ELEMENTS)

    def parts(self) -> GraphmlParts:
        """Return all that was read."""
        if not self.directed:
            raise TopologyError("expected GraphML, got an error: it has no graph")
        names = list(self.ids.of_id)
        row_of = np.full(len(names), -1, dtype=np.int64)
        row_of[self.nodes] = np.arange(len(self.nodes))
        ends = row_of[np.concatenate([np.empty((0, 2), np.int32), *self.ends])]
        if (ends < 0).any():
            unknown = min(name for name, number in self.ids.of_id.items() if row_of[number] < 0)
            raise TopologyError(f"expected edges between nodes of the graph, got one that ends at {unknown!r}")
        of_nodes, of_edges, of_graph = (_of_one_name(self.columns[domain]) for domain in DOMAINS)
        told = [one.name for one in of_graph if isinstance(one, SparseColumn) and not one.is_empty()]
        return GraphmlParts(
            ids=[names[number] for number in self.nodes],
            ends=ends,
            directed=np.concatenate([np.empty(0, bool), *self.directions]),
            nesting=Nesting(np.array(self.parents, dtype=np.int64), np.array(self.groups, dtype=bool)),
            node_columns=_said(of_nodes),
            edge_columns=_said(of_edges),
            graphics=[one for one in of_nodes if isinstance(one, Graphics)],
            edge_graphics=[one for one in of_edges if isinstance(one, Graphics)],
            left_out=(*dict.fromkeys(self.left_out), *(f"graph attribute {name!r}" for name in told)),
        )


def _of_one_name(columns: dict[str, SparseColumn | Graphics | None]) -> list[SparseColumn | Graphics | None]:
    """Return columns of which no two have the same name.

    networkx writes an attribute of mixed values as several keys, which become one again; others get their key.
    """
    found: dict[str, SparseColumn | Graphics | None] = {}
    for key, column in columns.items():
        if not isinstance(column, SparseColumn):
            found[f"{key} of pictures"] = column
            continue
        other = found.get(column.name)
        if isinstance(other, SparseColumn):
            joined = other.joined(column)
            if joined is None:
                column.name = f"{column.name} ({key})"
                found[column.name] = column
            else:
                found[column.name] = joined
        else:
            found[column.name] = column
    return list(found.values())


def _said(columns: list[Any]) -> list[SparseColumn]:
    return [column for column in columns if isinstance(column, SparseColumn) and not column.is_empty()]
