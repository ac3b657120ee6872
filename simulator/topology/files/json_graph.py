"""Graphs as JSON: node-link as networkx, rustworkx and D3 write it, graphology and Gephi Lite, Cytoscape."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.listed_graph import ListedGraph, contents_of_lists
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.text import utf8_of

Object = dict[str, Any]
MOST_VALUES = 10_000_000
ENDS = ("source", "target")


@graph_format(
    "JSON graph", suffixes=(".json", ".cyjs"), looks=lambda head: head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
)
def read_json_graph(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a JSON file in one of these forms.

    - node-link: `nodes` with `id`, and `links` or `edges` with `source` and `target`, or `from` and `to` (networkx,
      rustworkx, D3, vis.js); `directed`, without which links run both ways. Where no node has an id, links give the
      numbers of nodes.
    - adjacency data of networkx, and JSON Graph Format.
    - graphology: `nodes` with `key` and `attributes`, `edges` with `undirected`, the type in `options`. Gephi Lite
      keeps the same in `graphDataset.fullGraph`, with attributes and places beside it.
    - Cytoscape: `elements` with `nodes` and `edges`, each with `data`, or one list of them; `directed` of networkx.

    Names are `name` or `label` where every node has one of its own, else the ids. Weights are the attribute `weight`,
    in D3's form also `value`.
    """
    made = _parsed(data)
    if isinstance(made.get("graphDataset"), dict):
        return contents_of_lists(_gephi_lite(made["graphDataset"]), format="Gephi Lite JSON", options=options)
    if isinstance(made.get("elements"), dict | list):
        return contents_of_lists(_cytoscape(made), format="Cytoscape JSON", options=options)
    if isinstance(made.get("graph"), dict) and "nodes" in made["graph"] and "nodes" not in made:
        return contents_of_lists(_json_graph_format(made["graph"]), format="JSON Graph Format", options=options)
    nodes = _objects(made, "nodes")
    if isinstance(made.get("adjacency"), list):
        made = _with_links(made, nodes)
    if nodes and all("key" in node and "id" not in node for node in nodes):
        return contents_of_lists(_graphology(made), format="graphology JSON", options=options)
    return contents_of_lists(
        _node_link(made, nodes), format="node-link JSON", options=options, weight=("weight", "value")
    )


def _parsed(data: bytes) -> Object:
    text = utf8_of(data)
    limits.check_size("JSON values", text.count(b","), MOST_VALUES)
    limits.check_size("JSON lists and objects", text.count(b"[") + text.count(b"{"), limits.MAX_ELEMENTS)
    try:
        made = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TopologyError(f"expected JSON, got an error: {error}") from None
    if isinstance(made, list) and made and all(isinstance(one, dict) and "data" in one for one in made):
        return {"elements": made}
    if not isinstance(made, dict):
        raise TopologyError(f"expected a JSON object with nodes and links, got {type(made).__name__}")
    return made


def _node_link(made: Object, nodes: list[Object]) -> ListedGraph:
    key = "links" if "links" in made or "adjacency" in made else "edges"
    if key not in made:
        raise TopologyError(complaint("keys", expected="nodes and links or edges", got=", ".join(map(str, made))[:60]))
    edges = _objects(made, key)
    ids = [_key(node["id"] if "id" in node else node.get("name")) for node in nodes]
    numbered = any(one is None for one in ids) or _are_numbers_of(edges, ids)
    if numbered:
        ids = list(range(len(nodes)))
    ends = ("from", "to") if edges and all("source" not in edge and "from" in edge for edge in edges) else ENDS
    own = (*ends, *(["key"] if made.get("multigraph") else []), *(["id"] if "attrs" in made else []))
    links = [(edge.get(ends[0]), edge.get(ends[1]), _about(edge, *own)) for edge in edges]
    return ListedGraph(
        ids=ids,
        nodes=[_about(node, *(() if numbered else ("id",))) for node in nodes],
        links=[(_end(one), _end(other), about) for one, other, about in links],
        directed=bool(made.get("directed", False)),
        left_out=_about_graph(made.get("graph", made.get("attrs"))),
    )


def _about_graph(about: Any) -> tuple[str, ...]:
    """Return the attributes of the whole graph, which are not used."""
    if isinstance(about, list):  # pairs, in adjacency data
        about = {str(pair[0]): None for pair in about if isinstance(pair, list) and pair}
    return tuple(f"graph attribute {name!r}" for name in about) if isinstance(about, dict) else ()


def _with_links(made: Object, nodes: list[Object]) -> Object:
    """Return the adjacency data of networkx as node-link data; an undirected link is listed at both of its ends."""
    lists = made["adjacency"]
    if len(lists) != len(nodes) or not all(isinstance(one, list) for one in lists):
        raise TopologyError(complaint("adjacency", expected=f"a list for each of the {len(nodes)} nodes", got="others"))
    row = {_key(node.get("id")): number for number, node in enumerate(nodes)}
    links = [
        {"source": node.get("id"), "target": other.get("id"), **_about(other, "id")}
        for node, others in zip(nodes, lists, strict=True)
        for other in _objects({"adjacency": others}, "adjacency")
        if made.get("directed") or row.get(_key(other.get("id")), len(nodes)) >= row[_key(node.get("id"))]
    ]
    return {**made, "links": links}


def _json_graph_format(graph: Object) -> ListedGraph:
    """Return a graph whose nodes are an object by id, or a list, and whose attributes are `metadata`."""
    nodes = graph["nodes"]
    if isinstance(nodes, dict):
        nodes = [{"id": key, **(node if isinstance(node, dict) else {})} for key, node in nodes.items()]
    made = {"directed": True, **graph, "nodes": nodes, "graph": graph.get("metadata")}
    return _node_link(made, _objects(made, "nodes"))


def _are_numbers_of(edges: list[Object], ids: Sequence[Any]) -> bool:
    """Whether links give the numbers of nodes although these have ids: texts, of which no link has one."""
    ends = [_end(edge.get(end)) for edge in edges for end in ("source", "target")]
    return bool(ends) and all(isinstance(one, str) for one in ids) and all(type(end) is int for end in ends)


def _end(end: Any) -> Any:
    """Return the id of the end of a link; D3 puts the whole node there once it has drawn the graph."""
    return _key(end.get("id", end.get("name")) if isinstance(end, dict) else end)


def _key(value: Any) -> Any:
    """Return an id that can be looked up; lists, which were tuples in Python, as their text."""
    return json.dumps(value) if isinstance(value, list | dict) else value


def _graphology(made: Object) -> ListedGraph:
    nodes, edges = _objects(made, "nodes"), _objects(made, "edges")
    kind = made.get("options", {}).get("type", "mixed") if isinstance(made.get("options"), dict) else "mixed"
    return ListedGraph(
        ids=[_key(node.get("key")) for node in nodes],
        nodes=[_about(node, "key") for node in nodes],
        links=[
            (edge.get("source"), edge.get("target"), _about(edge, "key", "source", "target", "undirected"))
            for edge in edges
        ],
        directed=[kind != "undirected" and not edge.get("undirected", False) for edge in edges] or kind != "undirected",
        left_out=_about_graph(made.get("attributes")),
    )


def _gephi_lite(made: Object) -> ListedGraph:
    whole = made.get("fullGraph")
    if not isinstance(whole, dict):
        raise TopologyError("expected a workspace of Gephi Lite with a graph, got none")
    graph = _graphology(whole)
    known = [{**_of(made, "nodeData", key), **_of(made, "layout", key)} for key in graph.ids]
    edges = [_of(made, "edgeData", edge.get("key")) for edge in _objects(whole, "edges")]
    return ListedGraph(
        ids=graph.ids,
        nodes=[{**node, **more} for node, more in zip(graph.nodes, known, strict=True)],
        links=[(one, other, {**about, **more}) for (one, other, about), more in zip(graph.links, edges, strict=True)],
        directed=graph.directed,
    )


def _of(made: Object, part: str, key: Any) -> Mapping[str, Any]:
    about = made.get(part)
    found = about.get(str(key)) if isinstance(about, dict) else None
    return found if isinstance(found, dict) else {}


def _cytoscape(whole: Object) -> ListedGraph:
    made = whole["elements"]
    if isinstance(made, list):
        known = [(one, "source" in _data(one)) for one in _objects(whole, "elements")]
        made = {"nodes": [one for one, link in known if not link], "edges": [one for one, link in known if link]}
    nodes, edges = ([_data(one) for one in _objects(made, part)] for part in ("nodes", "edges"))
    places = [one.get("position") for one in _objects(made, "nodes")]
    for node, place in zip(nodes, places, strict=True):
        if isinstance(place, dict):
            node.update({axis: place[axis] for axis in "xy" if axis in place and axis not in node})
    parents = {_key(node.get("id")): _key(node.pop("parent")) for node in nodes if node.get("parent") is not None}
    return ListedGraph(
        ids=[_key(node.get("id")) for node in nodes],
        nodes=[_about(node, "id") for node in nodes],
        links=[(edge.get("source"), edge.get("target"), _about(edge, "id", "source", "target")) for edge in edges],
        directed=bool(whole.get("directed", True)),
        parents=parents,
        groups=frozenset(parents.values()),
    )


def _data(element: Object) -> Object:
    data = element.get("data")
    if not isinstance(data, dict):
        raise TopologyError("expected elements with data, got one without")
    return dict(data)


def _objects(made: Object, part: str) -> list[Object]:
    found = made.get(part, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise TopologyError(complaint(part, expected="a list of objects", got=f"{found!r:.60}"))
    return found


def _about(element: Object, *without: str) -> Object:
    """Return the attributes of a node or a link, those in `attributes` or `data` beside the others."""
    about = {key: value for key, value in element.items() if key not in without}
    for nested in ("attributes", "data", "metadata"):
        if isinstance(about.get(nested), dict):
            about |= about.pop(nested)
    return about
