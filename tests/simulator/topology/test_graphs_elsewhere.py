"""What hubbub writes is read by networkx, igraph, rustworkx, pandas and hubbub with the same values."""

from __future__ import annotations

import datetime
import math
import warnings
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pytest
import rustworkx

from hubbub.simulator.topology import Topology, topology
from hubbub.simulator.topology.files import read_topology, write_gexf, write_graphml

SORTS: dict[str, tuple[list[Any], list[Any]]] = {
    "whole": ([1, -(2**40)], [1, -(2**40)]),
    "halves": ([1, 2.5], [1.0, 2.5]),
    "endless": ([math.inf, -math.inf], [math.inf, -math.inf]),
    "truth": ([True, False], [True, False]),
    "half truth": ([True, 2], ["true", "2"]),
    "large": ([2**63, 1], ["9223372036854775808", "1"]),
    "inexact": ([2**53 + 1, 0.5], ["9007199254740993", "0.5"]),
    "mixed": (["a", 1], ["a", "1"]),
    "lists": ([[1, "é", None], {"a": [True]}], ['[1, "é", null]', '{"a": [true]}']),
    "tuples": ([(1, 2), ("a",)], ["(1, 2)", "('a',)"]),
    "dates": (
        [datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1, 12, 30)],
        ["2026-03-01", "2026-03-01T12:30:00"],
    ),
    "numpy": ([np.float32(0.5), np.float32(1.5)], [0.5, 1.5]),
    "numpy whole": ([np.int64(7), np.int8(-3)], [7, -3]),
    "numpy truth": ([np.True_, np.False_], [True, False]),
    "numpy dates": (
        list(np.array(["2026-03-01", "2026-03-02"], "datetime64[ns]")),
        ["2026-03-01T00:00:00.000000000", "2026-03-02T00:00:00.000000000"],
    ),
    "markup": (["<b>&\"'", "]]>\t\n"], ["<b>&\"'", "]]>\t\n"]),
    "blank": (["", " "], ["", " "]),
}
MISSING = [None, float("nan"), np.float64("nan"), np.datetime64("NaT", "s")]
BOTH = pytest.mark.parametrize(("suffix", "write"), [("graphml", write_graphml), ("gexf", write_gexf)])


def of_all_sorts() -> Topology:
    return Topology(2, [0], [1], attributes={name: tuple(given) for name, (given, _) in SORTS.items()})


@BOTH
def test_values_of_every_sort_come_back_in_the_stated_form(tmp_path: Path, suffix: str, write: Any) -> None:
    path = tmp_path / f"graph.{suffix}"
    write(of_all_sorts(), path)
    found = read_topology(path).attributes
    for name, (_, stated) in SORTS.items():
        assert list(found[name]) == stated, name
        assert [type(value) for value in found[name]] == [type(value) for value in stated], name
    for value in MISSING:
        write(Topology(2, [0], [1], attributes={"a": (value, "there")}), path)
        assert read_topology(path).attributes == {"a": (None, "there")}


@BOTH
def test_networkx_reads_the_same_values(tmp_path: Path, suffix: str, write: Any) -> None:
    path = tmp_path / f"graph.{suffix}"
    write(of_all_sorts(), path)
    graph = nx.read_graphml(path) if suffix == "graphml" else nx.read_gexf(path)
    for name, (_, stated) in SORTS.items():
        assert [graph.nodes[node][name] for node in ("0", "1")] == stated, name


def test_igraph_and_rustworkx_read_the_same_values(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    write_graphml(of_all_sorts(), path)
    graph = igraph.Graph.Read_GraphML(str(path))
    [rust] = rustworkx.read_graphml(str(path))
    for name, (_, stated) in SORTS.items():
        assert graph.vs[name] == stated, name
        assert [node[name] for node in rust.nodes()] == [value or value if value != "" else None for value in stated], (
            name
        )


RESERVED = ("id", "pid", "start", "end", "label", "viz", "for", "x", "y", "z", "pos", "weight", "name", "key", "source")
RESERVED += ("target", "spells", "attribute:x", "networkx_key", "Weight", "x over time")


@BOTH
@pytest.mark.parametrize("placed", [False, True])
def test_no_name_of_an_attribute_is_eaten(tmp_path: Path, suffix: str, write: Any, placed: bool) -> None:
    graph = Topology(
        3,
        [0, 1],
        [1, 2],
        positions=[[0, 1], [2, 3], [4, 5]] if placed else None,
        attributes={name: (f"{name} 0", f"{name} 1", "same") for name in RESERVED},
        link_attributes={name: (f"link {name}", "same") for name in RESERVED if name != "weight"},
        weights=[0.5, 2],
    )
    path = tmp_path / f"graph.{suffix}"
    write(graph, path)
    back = read_topology(path)
    assert back.attributes == graph.attributes
    assert back.link_attributes == graph.link_attributes
    assert back.names == graph.names
    assert back.weights.tolist() == [0.5, 2]
    assert (back.positions is not None) == placed
    read = nx.read_graphml(path) if suffix == "graphml" else nx.read_gexf(path)
    assert list(read.nodes) == ["0", "1", "2"]
    for name in RESERVED:
        node, edge = read.nodes["0"], read.edges["0", "1"]
        assert f"{name} 0" in (node.get(name), node.get(f"attribute:{name}")), name
        assert name == "weight" or f"link {name}" in (edge.get(name), edge.get(f"attribute:{name}")), name
    assert read.edges["0", "1"]["weight"] == 0.5
    again = Topology.from_networkx(graph.to_networkx())
    assert (again.attributes, again.names) == (graph.attributes, graph.names)


@BOTH
def test_a_link_attribute_called_weight_in_capitals_is_no_weight(tmp_path: Path, suffix: str, write: Any) -> None:
    graph = Topology(2, [0], [1], link_attributes={"Weight": (3,), "WEIGHT": ("heavy",)})
    write(graph, tmp_path / f"graph.{suffix}")
    back = read_topology(tmp_path / f"graph.{suffix}")
    assert (back.weights, back.link_attributes) == (None, graph.link_attributes)


@BOTH
def test_numbers_called_x_and_y_stay_attributes(tmp_path: Path, suffix: str, write: Any) -> None:
    graph = Topology(2, [0], [1], attributes={"x": (1, 2), "y": (0.5, 1.5), "pos": ("NOUN", "27.0,18.5")})
    write(graph, tmp_path / f"graph.{suffix}")
    back = read_topology(tmp_path / f"graph.{suffix}")
    assert (back.attributes, back.positions) == (graph.attributes, None)


@BOTH
def test_attributes_of_links_survive(tmp_path: Path, suffix: str, write: Any) -> None:
    path = tmp_path / f"graph.{suffix}"
    links = Topology(3, [0, 1, 1, 2], [1, 0, 2, 1], link_attributes={"kind": ("a", "a", None, None)})
    write(links, path)
    back = read_topology(path)
    assert back.summary is not None and not back.summary.directed
    assert back.link_attributes == links.link_attributes
    uneven = Topology(2, [0, 1], [1, 0], link_attributes={"kind": ("there", "back")})
    write(uneven, path)
    again = read_topology(path)
    assert again.summary is not None and again.summary.directed
    assert again.link_attributes == {"kind": ("there", "back")}


def test_graphs_of_other_libraries_come_in_as_they_are(tmp_path: Path) -> None:
    """The karate club, weighted, through the writers of networkx, igraph and rustworkx."""
    karate = topology["karate"]()
    graph = nx.karate_club_graph()
    nx.write_graphml(graph, tmp_path / "nx.graphml")
    nx.write_gexf(graph, tmp_path / "nx.gexf")
    igraph.Graph.from_networkx(graph).write_graphml(str(tmp_path / "igraph.graphml"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numpy's own news, which igraph does not follow
        rust = rustworkx.networkx_converter(graph, keep_attributes=True)
    rustworkx.node_link_json(rust, str(tmp_path / "rust.json"), node_attrs=lambda node: {"club": node["club"]})
    for name in ("nx.graphml", "nx.gexf", "igraph.graphml"):
        back = read_topology(tmp_path / name)
        assert (back.n_agents, back.n_edges) == (34, 156), name
        assert back.weights is not None and back.weights.sum() == 2 * sum(
            nx.get_edge_attributes(graph, "weight").values()
        )
        assert back.attributes["club"] == karate.attributes["club"], name


def test_attributes_of_nodes_that_are_no_places() -> None:
    graph = nx.path_graph(2)
    for places in (
        (1, "a"),
        ("NOUN", "VERB"),
        ((1, 2), (1, 2, 3)),
        ((1, 2, 3, 4),) * 2,
        ((1, math.inf), (0, 0)),
        (3, 4),
    ):
        nx.set_node_attributes(graph, dict(enumerate(places)), "pos")
        made = Topology.from_networkx(graph)
        assert (made.positions, made.attributes["pos"]) == (None, places)
    nx.set_node_attributes(graph, {0: np.array([0, 1]), 1: [2.5, 3]}, "pos")
    assert Topology.from_networkx(graph).positions.tolist() == [[0, 1], [2.5, 3]]  # type: ignore[union-attr]
