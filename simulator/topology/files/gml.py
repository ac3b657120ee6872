"""GML, as Gephi, igraph, networkx, yEd and the collections of networks write it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.listed_graph import ListedGraph, contents_of_lists
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.text import utf8_of

LIST = "_networkx_list_start"
"""What networkx writes before the only value of a list."""

MOST_TOKENS = 8_000_000
"""A link of a million is seven: edge [ source 1 target 2 ]."""

_TOKEN = re.compile(
    r'\s*(?:#[^\n]*\n\s*)*(?:(?P<open>\[)|(?P<close>\])|"(?P<text>[^"]*)"'
    r"|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?=[\s\]]|$)|(?P<word>[^\s\[\]\"]+))"
)
Value = Any
"""A number, a text, or a list of pairs (key, value)."""


@graph_format(
    "GML",
    suffixes=(".gml",),
    looks=lambda head: bool(re.search(rb"(?:^|\s)graph\s*\[", head)) and b"node" in head,
    options=("groups",),
)
def read_gml(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a GML file.

    Weights are the attribute `weight`, else `value` as in Newman's collection. Names are `name` or `label` where every
    node has one of its own, else the ids; places are `x`, `y`, `z` of `graphics`. O(bytes).
    """
    text = utf8_of(data)
    dark = np.frombuffer(text, dtype=np.uint8) > 32
    limits.check_size("keys and values", int(np.count_nonzero(dark[1:] & ~dark[:-1])), MOST_TOKENS)
    top = _parsed(text.decode())
    graphs = [value for key, value in top if key == "graph" and isinstance(value, list)]
    if len(graphs) != 1:
        raise TopologyError(f"expected one graph, got {len(graphs)}")
    return contents_of_lists(_graph(graphs[0]), format="GML", weight=("weight", "value"), options=options)


def _graph(pairs: list[tuple[str, Value]]) -> ListedGraph:
    about = {key: value for key, value in pairs if key not in ("node", "edge")}
    nodes = [_attributes(value) for key, value in pairs if key == "node"]
    edges = [_attributes(value) for key, value in pairs if key == "edge"]
    ids, parents, groups = [], {}, set()
    for node in nodes:
        if "id" not in node:
            raise TopologyError("expected nodes with an id, got one without")
        ids.append(node.pop("id"))
        if isinstance(ids[-1], list | dict):
            raise TopologyError(f"expected ids that are numbers or texts, got {ids[-1]!r:.60}")
        _give_place(node)
        if isinstance(node.get("gid"), int | str):
            parents[ids[-1]] = node.pop("gid")
        if node.pop("isGroup", 0):
            groups.add(ids[-1])
    if any("source" not in edge or "target" not in edge for edge in edges):
        raise TopologyError("expected edges with a source and a target, got one without")
    drawn = [edge.pop("graphics", None) for edge in edges]
    return ListedGraph(
        ids=ids,
        nodes=nodes,
        links=[(edge.pop("source"), edge.pop("target"), edge) for edge in edges],
        directed=str(about.get("directed", 0)) not in ("0", "0.0", "false"),
        parents=parents,
        groups=frozenset(groups),
        left_out=("graphics of edges",) if any(drawn) else (),
    )


def _give_place(node: dict[str, Value]) -> None:
    """Move the coordinates in the graphics of a node to its attributes, unless it has other ones."""
    graphics = node.pop("graphics", None)
    node.pop("LabelGraphics", None)
    if isinstance(graphics, dict):
        for axis in "xyz":
            if isinstance(graphics.get(axis), int | float):
                node.setdefault(axis, graphics[axis])


def _attributes(value: Value) -> dict[str, Value]:
    """Return pairs as a dictionary; the values of a key that is there several times are a list."""
    if not isinstance(value, list):
        raise TopologyError(f"expected nodes and edges in brackets, got {value!r:.60}")
    found: dict[str, Value] = {}
    several: set[str] = set()
    for key, each in value:
        plain = _attributes(each) if isinstance(each, list) else each
        if key in several:
            found[key].append(plain)
        elif key in found:
            several.add(key)
            found[key] = [plain] if found[key] == LIST else [found[key], plain]
        else:
            found[key] = plain
    return found


def _parsed(text: str) -> list[tuple[str, Value]]:
    """Return the pairs of a text; lists inside are lists of pairs."""
    opened: list[list[tuple[str, Value]]] = [[]]
    keys: list[str] = []
    key: str | None = None
    for kind, token, line in _tokens(text):
        if key is None:
            if kind == "close" and len(opened) > 1:
                inner = opened.pop()
                opened[-1].append((keys.pop(), inner))
            elif kind == "word":
                key = token
            else:
                raise TopologyError(f"line {line}: expected a key, got {token!r:.60}")
            continue
        if kind == "open":
            opened.append([])
            keys.append(key)
            limits.check_size("nested lists", len(opened), limits.MAX_DEPTH)
        elif kind == "close":
            raise TopologyError(f"line {line}: expected a value of {key!r:.60}, got ]")
        else:
            opened[-1].append((key, _value(kind, token)))
        key = None
    if key is not None or len(opened) > 1:
        raise TopologyError("expected GML, got an end within a list")
    return opened[0]


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield kind, text and line of each token."""
    text, at, line, counted = text.rstrip() + "\n", 0, 1, 0
    for number, found in enumerate(_TOKEN.finditer(text)):
        if found.start() != at:
            break
        limits.check_size("keys and values", number, MOST_TOKENS)
        kind, at = str(found.lastgroup), found.end()
        line += text.count("\n", counted, at)
        counted = at
        yield kind, found[kind], line
    rest = re.sub(r"#[^\n]*", "", text[at:]).strip()
    if rest:
        raise TopologyError(f"line {line}: expected a key or a value, got {rest[:40]!r}")


def _value(kind: str, token: str) -> Value:
    if kind == "text":
        return html.unescape(token)
    if kind == "word":  # NAN, +INF … as networkx writes them, or a text without quotes
        try:
            return float(token)
        except ValueError:
            return token
    try:
        return int(token)
    except ValueError:
        pass
    try:
        return float(token)
    except ValueError:
        raise TopologyError(f"expected a number, got {token!r:.40}") from None
