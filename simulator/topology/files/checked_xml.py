"""XML from strangers, looked through before anybody builds a tree of it."""

from __future__ import annotations

from collections import Counter
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits


def check_xml(data: bytes, *, root: str) -> None:
    """Raise a `TopologyError` unless `data` is well-formed XML that is safe to read.

    Document types, entities and external references are refused where they first occur, and so is a document
    that passes the bounds of `limits` or does not start with the element `root`; and what networkx would read without
    a word: a second graph, a node given twice, an edge to a node that is not there.
    Nothing is kept of the document but the ids of its nodes. O(bytes).
    """
    parser = DefusedXMLParser(target=_Census(root), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise TopologyError(
            f"expected XML without document type, entities and external references, got {error}"
        ) from error
    except (ParseError, LookupError, ValueError) as error:  # an unknown encoding is a LookupError or a ValueError
        raise TopologyError(f"expected well-formed XML, got an error: {error}") from error


class _Census:
    """A target of the XML parser that counts, keeps the ids of nodes, and builds nothing."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()
        self._nodes: set[str] = set()
        self._ends: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("}")[2]
        if not self._counts and name != self._root:
            raise TopologyError(f"expected the root element <{self._root}>, got <{name}>")
        if name == "graph" and self._counts["graph"] and self._open[-1] != "group of nodes":
            raise TopologyError("expected one graph, got a second one")
        if name == "node":
            if attributes.get("id") in self._nodes:
                raise TopologyError(f"the node {attributes['id']!r} is there twice")
            self._nodes.add(attributes.get("id", ""))
        if name == "edge":
            self._ends |= {attributes[end] for end in ("source", "target") if end in attributes}
        self._open.append("group of nodes" if attributes.get("yfiles.foldertype") == "group" else name)
        self._counts["element"] += 1
        self._counts[name] += name in ("graph", "node", "edge")
        limits.check_size("XML elements", self._counts["element"], limits.MAX_ELEMENTS)
        limits.check_size("nested XML elements", len(self._open), limits.MAX_DEPTH)
        limits.check_size("nodes", self._counts["node"], limits.MAX_AGENTS)
        limits.check_size("edges", self._counts["edge"], limits.MAX_EDGES)

    def end(self, tag: str) -> None:
        self._open.pop()

    def close(self) -> None:
        if unknown := self._ends - self._nodes:
            raise TopologyError(f"expected edges between nodes of the graph, got one that ends at {min(unknown)!r}")
