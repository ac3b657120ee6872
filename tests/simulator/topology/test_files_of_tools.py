"""Small files after the forms in which tools write graphs; the table says what each of them holds."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
import rustworkx

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import read_topology

FOLDER = Path(__file__).parent / "graph_files"


@dataclass
class Holds:
    """Agents in order; links as "source target" → weight (None: no weights), one of each pair where undirected."""

    names: str
    links: dict[str, float | None]
    directed: bool = False
    attributes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    link_attributes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    positions: list[tuple[float, ...]] | None = None
    says: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


YED = Holds(
    "Ann|Bob & Co|Cy",
    {"Ann Bob & Co": 1, "Bob & Co Cy": 2.5},
    directed=True,
    attributes={"age": (30, 41, None), "description": ("", None, None)},
    link_attributes={"label": ("knows", None)},
    positions=[(0, 10), (100, 20), (300, -20)],
    says=("names: labels of yEd", "2 groups are no agents", "1 links that end at a group were left out"),
)
EXPECTED: dict[str, Holds] = {
    "yed_groups.graphml": YED,
    "cytoscape.graphml": Holds(
        "ann|bob|cy",
        {"ann bob": None, "bob cy": None},
        directed=True,
        attributes={"SUID": (62, 63, 64), "shared name": ("ann", "bob", "cy"), "selected": (False, True, False)},
        link_attributes={
            "name": ("ann (pp) bob", "bob (pd) cy"),
            "SUID": (67, 68),
            "interaction": ("pp", "pd"),
        },
        says=("left out: graph attribute 'name'",),
    ),
    "graph_tool.graphml": Holds(
        "n0|n1",
        {"n0 n1": 2},
        directed=True,
        attributes={"marks": ((1, 2, 3), None), "old": (True, False)},
        link_attributes={"kind": ("told",)},
        positions=[(0.5, 1.25), (-0.3, 2)],
        says=("thing (python_object)",),
    ),
    "gephi_0_10.graphml": Holds(
        "Ann|Bob",
        {"Ann Bob": 3},
        attributes={"Modularity Class": (1, 0)},
        positions=[(1.5, -2), (3.5, 2)],
        says=("names: node attribute 'label'",),
    ),
    "networkx_nested.graphml": Holds(
        "a|b|b::c|b::d",
        {"a b": None, "b a": None, "b::c b::d": None},
        directed=True,
        says=("a mixed graph: its 1 undirected links run both ways",),
    ),
    "networkx_parallel.graphml": Holds("a|b|c", {"a b": 5, "b c": 1}, directed=True, says=("1 parallel link merged",)),
    "defaults.graphml": Holds(
        "n0|n1|n2",
        {"n0 n1": 0.5, "n0 n2": 1, "n2 n0": 1},
        directed=True,
        attributes={
            "color": ("green", "yellow", "blue & <red>"),
            "old": (False, True, False),
            "count": (3, None, None),
        },
        link_attributes={"old": (False, False, False)},
    ),
    "igraph_0_10.graphml": Holds(
        "Ann|Bob|Cy d",
        {"Ann Bob": 2.5, "Bob Cy d": 1, "Ann Cy d": 4},
        attributes={"age": (30, None, 41), "member": (True, False, True)},
        says=("names: node attribute 'name'", "left out: graph attribute 'title'"),
    ),
    "reserved.graphml": Holds(
        "u|v",
        {"u v": None},
        directed=True,
        attributes={
            "id": (7, 7),
            "pid": ("v", "u"),
            "start": (1.5, 1.5),
            "end": (2.5, 2.5),
            "label": ("same", "same"),
            "viz": ("red", "blue"),
            "for": ("us", "them"),
            "x": ("left", "right"),
            "y": (4.5, 5.5),
            "z": (True, False),
            "pos": ("NOUN", "27.0,18.5"),
            "weight": (60.5, 70.5),
        },
        link_attributes={"id": ("mine",)},
    ),
    "gephi_lite_graphology_0_13.gexf": Holds(
        "Ann|Bob|Cy",
        {"Ann Bob": 2.5, "Bob Cy": 1, "Cy Bob": 1},
        directed=True,
        attributes={
            "club": ("Officer", "Hi", None),
            "age": (30, 41.5, None),
            "member": (True, False, None),
            "tags": (("a", "b"), ("c",), None),
        },
        link_attributes={"label": ("says", None, None), "kind": ("told", None, None)},
        positions=[(1.5, -2), (3, 4), (0, 0)],
        says=("names: node labels", "left out: viz:color, viz:size"),
    ),
    "gephi_dynamic.gexf": Holds(
        "a|b|c",
        {"b c": 3},
        attributes={"price": (7, None, None), "born": (12, 7, 7)},
        positions=[(-10.5, 3), (0, 1), (5, 1)],
        says=("at 4: 1 of 3 links, 3 of 3 agents",),
    ),
    "gephi_dynamic.gexf?2": Holds(
        "a|b|c",
        {"a b": 1, "b c": 2, "a c": 1},
        attributes={"price": (5, None, None), "born": (12, 7, 7)},
        positions=[(-10.5, 3), (0, 1), (5, 1)],
        options={"at": 2},
    ),
    "gephi_dynamic.gexf?1": Holds(
        "a|b|c",
        {"a b": 1, "b c": 2},
        attributes={"price": (5, None, None), "born": (12, 7, 7)},
        positions=[(-10.5, 3), (0, 1), (5, 1)],
        options={"at": "1"},
    ),
    "gephi_dynamic.gexf?2.6..3.5": Holds(
        "a|b|c",
        {"a b": 1, "b c": 3},
        attributes={"price": (7, None, None), "born": (12, 7, 7)},
        positions=[(-10.5, 3), (0, 1), (5, 1)],
        options={"at": "2.6..3.5"},
    ),
    "gephi_timestamps.gexf": Holds(
        "a|b", {"a b": None}, directed=True, attributes={"rank": (4, None)}, says=("at 2009-03-04: 1 of 2 links",)
    ),
    "gephi_timestamps.gexf?first": Holds(
        "a|b|c",
        {"a b": None, "a c": None},
        directed=True,
        attributes={"rank": (1, None, None)},
        options={"at": "2009-03-01"},
    ),
    "rgexf.gexf": Holds(
        "pedro|carlos",
        {"pedro carlos": 2.5},
        attributes={"sex": ("m", "m"), "age": (45, 35)},
        positions=[(1, 20), (11, 22)],
        says=("at 14: 1 of 2 links, 2 of 3 agents", "viz:thickness"),
    ),
    "gephi_0_9.gexf": Holds(
        "Zoë|Bob|Cy",
        {"Zoë Bob": 2, "Bob Zoë": 2, "Bob Cy": 1, "Cy Zoë": 1, "Zoë Cy": 1},
        directed=True,
        attributes={
            "id": (3, 3, None),
            "Modularity Class": (2, 0, 0),
            "start": (1.5, None, None),
            "label": ("x", "x", None),
            "tags": (("a", "b"), None, None),
        },
        link_attributes={"since": (1999, None, 1999, None, None), "label": (None, "kin", None, None, "kin")},
        says=("a mixed graph",),
    ),
    "hierarchy_1_1.gexf": Holds(
        "Kevin Bacon|God|human1|d",
        {"God human1": None, "human1 d": None},
        directed=True,
        says=("left out: pid (topology.groups=attribute keeps it)",),
    ),
    "hierarchy_1_1.gexf?groups": Holds(
        "Kevin Bacon|God|human1|d",
        {"God human1": None, "human1 d": None},
        directed=True,
        attributes={"group": (None, "Kevin Bacon", "God", "God")},
        options={"groups": "attribute"},
    ),
    "networkx_mixed.graphml": Holds("a|b|c", {"a b": 2, "b c": 0.5}, attributes={"v": (1, 2.5, None)}),
    "capitals.gexf": Holds("Ann|Bob|Cy", {"Ann Bob": None, "Bob Cy": None}, directed=True),
    "gephi_dynamic_weights.gexf": Holds("Ann|Bob|Cy", {"Ann Bob": 7, "Bob Cy": 1.5}),
    "gephi_dynamic_weights.gexf?2010": Holds("Ann|Bob|Cy", {"Ann Bob": 2, "Bob Cy": 1.5}, options={"at": 2010}),
    "gephi_dynamic_weights.gexf?2010.0": Holds("Ann|Bob|Cy", {"Ann Bob": 2, "Bob Cy": 1.5}, options={"at": 2010.0}),
    "gephi_dynamic_weights.gexf?2010-06": Holds("Ann|Bob|Cy", {"Ann Bob": 2, "Bob Cy": 1.5}, options={"at": "2010-06"}),
    "graph_tool_hexadecimal.graphml": Holds(
        "n0|n1", {"n0 n1": 3}, positions=[(0.5, 1.25), (-2, 3)], says=("weights: link attribute 'Weight'",)
    ),
    "vis_9.json": Holds("Ann|Bob", {"Ann Bob": 3}, link_attributes={"color": ("red", "red")}),
    "json_graph_format_2.json": Holds(
        "Ann|Bob",
        {"Ann Bob": 2},
        attributes={"age": (3, None)},
        link_attributes={"relation": ("knows", "knows")},
        says=("left out: graph attribute 'title'",),
    ),
    "networkx_adjacency.json": Holds(
        "a|b|c",
        {"a b": 3, "b c": 1},
        attributes={"age": (3, None, None)},
        says=("1 parallel link merged", "left out: graph attribute 'title'"),
    ),
    "networkx_cytoscape.json": Holds("a|b", {"a b": 2}, attributes={"value": ("a", "b")}),
    "cytoscape_list.cyjs": Holds("Ann|Bob", {"Ann Bob": 2}, directed=True, positions=[(1, 2), (3, 4)]),
    "networkx_lists.gml": Holds("a|b", {"a b": None}, attributes={"tags": (["x"], None), "two": ([1, 2], None)}),
    "networkx_places.net": Holds("Ann B|Cy", {"Ann B Cy": 2.5}),
    "tabs.net": Holds("Ann|Bob|Cy", {"Ann Bob": 2.5, "Bob Cy": 1}),
    "newman.gml": Holds(
        "Myriel & Co|Zoë|Cy",
        {"Myriel & Co Zoë": 8, "Zoë Cy": 1.5},
        attributes={"age": (None, 30, 41.5)},
        says=("weights: link attribute 'value'",),
    ),
    "yed.gml": Holds(
        "a|b",
        {"a b": None},
        directed=True,
        positions=[(1.5, -2), (4, 2)],
        says=("1 groups are no agents", "1 links that end at a group were left out"),
    ),
    "arcs_and_edges.net": Holds(
        "Ann B|Zoë|E|F",
        {"Ann B Zoë": 2.5, "Zoë E": 1, "E F": 0.5, "F E": 0.5},
        directed=True,
        link_attributes={"relation": ("tells", "tells", None, None), "label": ("often", None, None, None)},
        positions=[(0.1, 0.2), (0.3, 0.4), (0.5, 0.6), (0.7, 0.8)],
        says=("names: labels of vertices", "a mixed graph", "shapes, colours and times of vertices"),
    ),
    "times.net": Holds("1|2|3", {"1 2": 1, "2 3": 1}, directed=True),
    "times.net?1": Holds("1|2|3", {"1 2": 1, "3 1": 1}, directed=True, options={"at": 1}),
    "two_mode_matrix.net": Holds(
        "p|q|x|y|z", {"p x": 1, "p z": 2, "q y": 1, "q z": 1}, attributes={"mode": (1, 1, 2, 2, 2)}
    ),
    "networkx_edges.json": Holds(
        "0|b|[1, 2]",
        {"0 b": 2, "b [1, 2]": 1},
        directed=True,
        attributes={"club": ("x", None, None)},
        link_attributes={"since": (1999, None)},
    ),
    "d3_links.json": Holds(
        "Myriel|Napoleon|Cosette",
        {"Myriel Napoleon": 1, "Myriel Cosette": 8},
        attributes={"group": (1, 1, 2)},
        says=("weights: link attribute 'value'",),
    ),
    "graphology_0_26.json": Holds(
        "Ann|Bob|Cy",
        {"Ann Bob": 2.5, "Bob Cy": 1, "Cy Bob": 1},
        directed=True,
        attributes={
            "size": (4, 4, 4),
            "color": ("#ff0000", "#00ff00", "#0000ff"),
            "club": ("Officer", "Hi", None),
            "age": (30, 41.5, None),
            "member": (True, False, None),
            "tags": (["a", "b"], ["c"], None),
        },
        link_attributes={"kind": ("told", None, None), "label": ("says", None, None)},
        positions=[(1.5, -2), (3, 4), (0, 0)],
    ),
    "gephi_lite.json": Holds("Ann|Bob", {"Ann Bob": 2}, attributes={"age": (3, None)}, positions=[(1, 2), (3.5, 4)]),
    "cytoscape.cyjs": Holds(
        "ann|bob",
        {"ann bob": 0.5},
        directed=True,
        attributes={"shared_name": ("ann", None), "SUID": (62, 63)},
        link_attributes={"interaction": ("pp",)},
        positions=[(1, 2), (3, -2)],
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_a_tool_is_read_as_it_was_meant(name: str) -> None:
    holds = EXPECTED[name]
    graph = read_topology(FOLDER / name.partition("?")[0], **holds.options)
    said = str(graph.summary)
    names = tuple(holds.names.split("|"))
    assert graph.names == names, said
    weights = [None] * graph.n_edges if graph.weights is None else graph.weights.tolist()
    ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    found = {f"{names[one]} {names[other]}": weight for (one, other), weight in zip(ends, weights, strict=True)}
    assert graph.summary is not None
    assert graph.summary.directed == holds.directed
    if not holds.directed:
        assert len(found) == 2 * len(holds.links)
        found = {link: weight for link, weight in found.items() if link in holds.links}
    assert found == holds.links, said
    assert graph.attributes == holds.attributes
    assert graph.link_attributes == holds.link_attributes
    assert holds.positions == (None if graph.positions is None else list(map(tuple, graph.positions.tolist())))
    for words in holds.says:
        assert words in said


def test_every_file_is_in_the_table() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {name.partition("?")[0] for name in EXPECTED}


WEIGHTED = {
    "g.json": '{"nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "a", "target": "b", "weight": W, "n": 5}]}',
    "g.gml": "graph [ node [ id 0 ] node [ id 1 ] edge [ source 0 target 1 weight W n 5 ] ]",
    "g.graphml": '<graphml><key id="w" for="edge" attr.name="weight" attr.type="string"/>'
    '<key id="n" for="edge" attr.name="n" attr.type="int"/><graph edgedefault="undirected"><node id="a"/><node id="b"/>'
    '<edge source="a" target="b"><data key="w">W</data><data key="n">5</data></edge></graph></graphml>',
    "g.gexf": '<gexf><graph><attributes class="edge"><attribute id="w" title="weight" type="string"/>'
    '<attribute id="n" title="n" type="integer"/></attributes><nodes><node id="a"/><node id="b"/></nodes><edges>'
    '<edge source="a" target="b"><attvalues><attvalue for="w" value="W"/><attvalue for="n" value="5"/></attvalues>'
    "</edge></edges></graph></gexf>",
}


@pytest.mark.parametrize("name", WEIGHTED)
def test_a_weight_that_is_not_wanted_may_be_anything(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(WEIGHTED[name].replace("W", '"heavy"' if name in ("g.json", "g.gml") else "heavy"))
    with pytest.raises(TopologyError, match=r"expected a number, got .*heavy.*topology.weight=none reads the links"):
        read_topology(path)
    plain = read_topology(path, weight="none")
    assert plain.summary is not None
    assert (plain.weights, plain.summary.left_out, plain.link_attributes["n"]) == (None, ("weight",), (5, 5))
    other = read_topology(path, weight="n")
    assert other.weights is not None
    assert other.weights.tolist() == [5, 5]
    path.write_text(WEIGHTED[name].replace("W", "3"))
    assert read_topology(path, weight="weight").weights.tolist() == [3, 3]  # type: ignore[union-attr]


def test_a_value_is_a_weight_where_it_is_a_number(tmp_path: Path) -> None:
    path = tmp_path / "g.json"
    path.write_text(WEIGHTED["g.json"].replace("weight", "value").replace("W", "3"))
    assert read_topology(path, weight="value").weights.tolist() == [3, 3]  # type: ignore[union-attr]
    path.write_text(WEIGHTED["g.json"].replace("weight", "value").replace("W", '"kin"'))
    assert read_topology(path).link_attributes == {"value": ("kin", "kin"), "n": (5, 5)}


def test_groups_are_kept_where_they_are_wanted() -> None:
    path = FOLDER / "yed_groups.graphml"
    assert read_topology(path, groups="attribute").attributes["group"] == ("Office", "Ann", None)
    everyone = read_topology(path, groups="agents")
    assert everyone.names == ("n0", "n0::n0", "n0::n1", "n0::n1::n0", "n1")  # two labels are the same
    assert everyone.attributes["label"] == ("Office", "Ann", "Ann", "Bob & Co", "Cy")
    assert everyone.n_edges == 3


@pytest.mark.parametrize("key", ["links", "edges"])
def test_node_link_data_of_networkx_with_both_names(tmp_path: Path, key: str) -> None:
    graph = nx.karate_club_graph()
    (tmp_path / "g.json").write_text(json.dumps(nx.node_link_data(graph, edges=key)))
    (tmp_path / "g.gml").write_text("\n".join(nx.generate_gml(graph)))
    for name in ("g.json", "g.gml"):
        back = read_topology(tmp_path / name)
        assert (back.n_agents, back.n_edges, len(back.attributes["club"])) == (34, 156, 34)
        assert back.weights is not None and back.weights.sum() == 2 * graph.size(weight="weight")
    several = nx.MultiDiGraph([(0, 1, {"weight": 2}), (0, 1, {"weight": 3})])
    (tmp_path / "m.json").write_text(json.dumps(nx.node_link_data(several, edges=key)))
    nx.write_gml(several, tmp_path / "m.gml")
    for name in ("m.json", "m.gml"):
        made = read_topology(tmp_path / name)
        assert made.weights is not None and made.weights.tolist() == [5]
        assert made.summary is not None and made.summary.merged == 1


def test_pajek_of_networkx_and_igraph_and_json_of_rustworkx(tmp_path: Path) -> None:
    graph = nx.karate_club_graph()
    nx.write_pajek(graph, tmp_path / "nx.net")
    igraph.Graph.from_networkx(graph).write_pajek(str(tmp_path / "igraph.net"))
    igraph.Graph.from_networkx(graph).write_gml(str(tmp_path / "igraph.gml"))
    rust = rustworkx.networkx_converter(graph, keep_attributes=True)
    rustworkx.node_link_json(
        rust,
        str(tmp_path / "rust.json"),
        node_attrs=lambda node: {"club": node["club"]},
        edge_attrs=lambda edge: {"weight": str(edge["weight"])},
    )
    for name in ("nx.net", "igraph.net", "igraph.gml", "rust.json"):
        back = read_topology(tmp_path / name)
        assert (back.n_agents, back.n_edges) == (34, 156), name
        assert back.weights is not None and back.weights.sum() == 2 * graph.size(weight="weight"), name
