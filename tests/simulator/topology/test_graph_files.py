import xml.etree.ElementTree as ElementTree
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology import Topology, topology
from hubbub.simulator.topology.files import limits, read_topology, write_gexf, write_graphml

GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="{}">{}</graph></graphml>'
TWO = '<node id="a"/><node id="b"/><edge source="a" target="b"/>'
BOTH = pytest.mark.parametrize(("suffix", "write"), [(".graphml", write_graphml), (".gexf", write_gexf)])


def edges(graph):
    return list(zip(graph.sources.tolist(), graph.targets.tolist(), strict=True))


def saved(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path, text, **options):
    with pytest.raises(TopologyError) as caught:
        read_topology(saved(path, text), **options)
    message = str(caught.value)
    assert message.startswith(str(path))
    return message


@BOTH
def test_a_round_trip_keeps_everything(tmp_path, suffix, write):
    graph = Topology(
        4,
        [0, 1, 2],
        [1, 0, 0],
        weights=[0.5, 2.0, 1e-3],
        positions=[[0, 1.5], [-1, 0], [3, 3], [0.1, 1e-9]],
        names=("Zoë & <co>", "b", "", "b "),
        attributes={
            "club": ("left", "right", None, "left"),
            "age": (1, 2, None, 4),
            "height": (1.5, 2.5, 0.1, None),
            "old": (True, False, True, True),
        },
    )
    write(graph, tmp_path / f"graph{suffix}")
    back = read_topology(tmp_path / f"graph{suffix}")
    assert edges(back) == [(0, 1), (1, 0), (2, 0)]
    assert back.weights.tolist() == [0.5, 2.0, 1e-3]
    assert back.positions.tolist() == graph.positions.tolist()
    assert back.names == graph.names
    assert back.attributes == graph.attributes


@BOTH
@pytest.mark.parametrize("kind", ["karate", "southern-women", "ring"])
def test_an_undirected_graph_stays_one(tmp_path, suffix, write, kind):
    graph = topology[kind](**({"n_agents": 6} if kind == "ring" else {}))
    path = tmp_path / f"graph{suffix}"
    write(graph, path)
    assert not nx.read_graphml(path).is_directed() if suffix == ".graphml" else "undirected" in path.read_text()
    back = read_topology(path)
    assert edges(back) == edges(graph)
    assert (back.names, back.attributes) == (graph.names, graph.attributes)
    np.testing.assert_equal(back.weights, graph.weights)
    np.testing.assert_equal(back.positions, graph.positions)


@BOTH
def test_more_attributes_may_be_numpy(tmp_path, suffix, write):
    more = {
        "dialect": np.array([2, 1, 2]),
        "success": np.array([0.5, np.nan, 1.0], dtype=np.float32),
        "hub": np.array([True, False, False]),
        "word": np.array(["a", "b", "c"]),
        "mixed": [None, "x", (1, 2)],
    }
    write(topology["star"](3), tmp_path / f"graph{suffix}", attributes=more)
    assert read_topology(tmp_path / f"graph{suffix}").attributes == {
        "dialect": (2, 1, 2),
        "success": (0.5, None, 1.0),
        "hub": (True, False, False),
        "word": ("a", "b", "c"),
        "mixed": (None, "x", "(1, 2)"),
    }
    with pytest.raises(TopologyError, match="attribute 'dialect': expected 3 values, got 2"):
        write(topology["star"](3), tmp_path / f"graph{suffix}", attributes={"dialect": np.array([1, 2])})


@BOTH
def test_places_may_have_one_or_three_coordinates(tmp_path, suffix, write):
    path = tmp_path / f"graph{suffix}"
    solid = Topology(2, [0], [1], positions=[[1, 2, 3], [4, 5, 6]])
    write(solid, path)
    assert read_topology(path).positions.tolist() == solid.positions.tolist()


def test_labels_are_names_only_if_no_two_are_alike(tmp_path):
    text = '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2"><graph><nodes>{}</nodes>{}</graph></gexf>'
    nodes = '<node id="a" label="Anna"/><node id="b" label="{}"/>'
    edge = '<edges><edge id="0" source="a" target="b"/></edges>'
    different = read_topology(saved(tmp_path / "g.gexf", text.format(nodes.format("Bert"), edge)))
    assert (different.names, different.attributes) == (("Anna", "Bert"), {})
    alike = read_topology(saved(tmp_path / "g.gexf", text.format(nodes.format("Anna"), edge)))
    assert (alike.names, alike.attributes) == (("a", "b"), {"label": ("Anna", "Anna")})


def test_graphs_within_a_graph_are_read_where_they_are_groups(tmp_path):
    group = '<node id="g" yfiles.foldertype="group"><graph>{}</graph></node><node id="c"/>'
    group += '<edge source="a" target="c"/><edge source="b" target="g"/>'
    path = saved(tmp_path / "g.graphml", GRAPHML.format("directed", group.format(TWO)))
    assert read_topology(path).names == ("a", "b", "c")
    assert read_topology(path, groups="agents").names == ("g", "a", "b", "c")
    second = GRAPHML.format("directed", TWO).replace("</graphml>", "<graph/></graphml>")
    assert "expected one graph, got a second one" in refused(path, second)


def test_graphml_written_elsewhere(tmp_path):
    keys = '<key id="d0" for="node" attr.name="label" attr.type="string"/>'
    nodes = '<node id="n0"><data key="d0">Anna</data></node><node id="n1"><data key="d0">Bert</data></node>'
    text = GRAPHML.format("directed", nodes + '<edge source="n1" target="n0"/>').replace("<graph ", keys + "<graph ")
    graph = read_topology(saved(tmp_path / "g.graphml", text))
    assert graph.names == ("Anna", "Bert")
    assert edges(graph) == [(1, 0)]
    plain = read_topology(saved(tmp_path / "p.GraphML", GRAPHML.format("undirected", TWO)))
    assert (plain.names, edges(plain)) == (("a", "b"), [(0, 1), (1, 0)])


BILLION_LAUGHS = (
    '<!DOCTYPE graphml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>' + GRAPHML.format("directed", '<node id="&c;"/>')
)
EXTERNAL = '<!DOCTYPE graphml [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + GRAPHML.format(
    "directed", "<desc>&x;</desc>"
)
DTD = '<!DOCTYPE graphml SYSTEM "http://example.org/graphml.dtd">' + GRAPHML.format("directed", TWO)


@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
@pytest.mark.parametrize("text", [BILLION_LAUGHS, EXTERNAL, DTD, BILLION_LAUGHS.encode("utf-16")])
def test_hostile_xml_is_refused(tmp_path, monkeypatch, text, suffix):
    monkeypatch.setattr(ElementTree.ElementTree, "parse", lambda *_: pytest.fail("the file reached networkx"))
    assert "without document type, entities and external references" in refused(tmp_path / f"g{suffix}", text)


@pytest.mark.parametrize(
    ("limit", "number", "message"),
    [
        ("MAX_BYTES", 100, "at most 100 bytes"),
        ("MAX_AGENTS", 1, "at most 1 nodes"),
        ("MAX_EDGES", 0, "at most 0 edges"),
        ("MAX_ELEMENTS", 3, "at most 3 XML elements"),
        ("MAX_DEPTH", 2, "at most 2 nested XML elements"),
    ],
)
def test_a_graph_file_that_is_too_large_is_refused(tmp_path, monkeypatch, limit, number, message):
    monkeypatch.setattr(limits, limit, number)
    assert message in refused(tmp_path / "g.graphml", GRAPHML.format("directed", TWO))
    if limit in ("MAX_BYTES", "MAX_AGENTS", "MAX_EDGES"):
        assert message in refused(tmp_path / "g.edges", "a b\n" + "#" * 100)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.graphml", "", "expected well-formed XML"),
        ("g.graphml", "a b\n", "expected well-formed XML"),
        ("g.graphml", GRAPHML[:60], "expected well-formed XML"),
        ("g.graphml", '<?xml version="1.0" encoding="nonsense"?><graphml/>', "expected well-formed XML"),
        ("g.graphml", "<html></html>", "expected the root element <graphml>, got <html>"),
        ("g.graphml", "<graphml></graphml>", "expected GraphML, got an error"),
        ("g.graphml", GRAPHML.format("directed", ""), "expected a graph with agents, got an empty one"),
        (
            "g.graphml",
            GRAPHML.format("directed", TWO).replace('target="b"', 'target="a"'),
            "agent a is linked to itself",
        ),
        ("g.graphml", GRAPHML.format("directed", TWO + '<edge source="a" target="z"/>'), "got one that ends at 'z'"),
        ("g.graphml", GRAPHML.format("directed", '<node id="b"/>' + TWO), "the node 'b' is there twice"),
        (
            "g.graphml",
            GRAPHML.format("directed", TWO).replace("</graph>", "</graph><graph/>", 1),
            "expected one graph, got a second one",
        ),
        ("g.gexf", GRAPHML.format("directed", TWO), "expected the root element <gexf>, got <graphml>"),
        ("g.gexf", "<gexf></gexf>", "expected GEXF, got an error"),
        ("g.edges", "", "expected a graph with agents"),
        ("g.edges", "# nothing\n\n", "expected a graph with agents"),
        ("g.edges", "a\n", "line 1: expected source, target and perhaps a weight, separated by"),
        ("g.edges", "a b\nb c 1 2\n", "line 2: expected 2 fields, as in the first row, got 4"),
        ("g.csv", "a,,2", "line 1: expected source and target, got an empty field"),
        ("g.csv", 'a,"b', "line 1: "),
        ("g.edges", "a b {}\n0 1 {'weight': 'x'}\n", "line 2, weight: expected a number above 0, got 'x'"),
        ("g.edges", "0 1 {2}\n", "line 1: expected attributes in braces, got '{2}'"),
        ("g.edges", "0 1 {f()}\n", "line 1: expected attributes as Python writes them, got {f()}"),
        ("g.edges", "a b much\n", "line 1, weight: expected a number above 0, got 'much'"),
        ("g.edges", "a b -1\n", "weight of edge a – b: expected a number above 0, got -1"),
        (
            "g.edges",
            "a b\nb a\n",
            "is there twice; if each link is listed from both ends, say `topology.und",
        ),
        ("g.edges", "a b\nb b\n", "agent b is linked to itself"),
        ("g.edges", b"a \xff\n", "expected text in UTF-8, got the byte 0xff at 2"),
    ],
)
def test_an_unusable_file_is_refused(tmp_path, name, text, message):
    assert message in refused(tmp_path / name, text)


def test_a_file_that_is_not_there_or_of_no_known_kind_is_refused(tmp_path):
    with pytest.raises(TopologyError, match="there is no such file"):
        read_topology(tmp_path / "g.graphml")
    (tmp_path / "d.gexf").mkdir()
    with pytest.raises(TopologyError, match="there is no such file"):
        read_topology(tmp_path / "d.gexf")
    message = refused(tmp_path / "g.grphml", "what is this?")
    assert "suffix: expected one of " in message and "got '.grphml'; did you mean '.graphml'" in message
    assert read_topology(saved(tmp_path / "g.grphml", GRAPHML.format("directed", TWO))).summary.format == "GraphML"
    assert "directed: not an option of GEXF" in refused(tmp_path / "g.gexf", "<gexf/>", directed=True)
    assert "self_loops: expected one of refuse, drop, got 'dorp'; did you mean 'drop'" in refused(
        tmp_path / "g.gexf", "<gexf/>", self_loops="dorp"
    )
    assert "option: expected one of format, directed" in refused(tmp_path / "g.gexf", "<gexf/>", self_loop="drop")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    def forbidden(*_):
        raise PermissionError(13, "Permission denied")

    path = saved(tmp_path / "g.edges", "a b\n")
    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(TopologyError, match=r"g\.edges: cannot be read: Permission denied"):
        read_topology(path)


@pytest.mark.parametrize(
    "text",
    [
        "a b 1\nb c 2.5",
        "a\tb\t1\nb\tc\t2.5",
        "# friends\na,b,1\n\n b, c , 2.5\n# close",
        "Source,Target,Weight\na,b,1\nb,c,2.5",
    ],
)
def test_edge_lists(tmp_path, text):
    both = read_topology(saved(tmp_path / "g.txt", text))
    assert both.names == ("a", "b", "c")
    assert edges(both) == [(0, 1), (1, 0), (1, 2), (2, 1)]
    assert both.weights.tolist() == [1, 1, 2.5, 2.5]
    assert edges(read_topology(tmp_path / "g.txt", directed=True)) == [(0, 1), (1, 2)]


@pytest.mark.parametrize("delimiter", [" ", ",", "\t"])
@pytest.mark.parametrize("weight", [None, 2, 0.5])
def test_edge_lists_written_by_networkx(tmp_path, delimiter, weight):
    graph = nx.path_graph(3)
    if weight:
        nx.set_edge_attributes(graph, weight, "weight")
    nx.write_edgelist(graph, tmp_path / "g.edgelist", delimiter=delimiter)
    back = read_topology(tmp_path / "g.edgelist")
    assert (back.names, edges(back)) == (("0", "1", "2"), [(0, 1), (1, 0), (1, 2), (2, 1)])
    np.testing.assert_equal(back.weights, None if weight is None else np.full(4, float(weight)))


def test_edge_lists_of_numbers_keep_the_numbers(tmp_path):
    graph = read_topology(saved(tmp_path / "g.edgelist", "\ufeff10 2\n2 0\n"))
    assert graph.names == ("0", "2", "10")
    assert edges(graph) == [(0, 1), (1, 0), (1, 2), (2, 1)]
    assert graph.weights is None


def test_names_with_separators_stand_in_quotes(tmp_path):
    graph = read_topology(saved(tmp_path / "g.csv", '"Valjean, Jean",Javert,1\nJavert,"Mme. Thénardier",3\n'))
    assert graph.names == ("Valjean, Jean", "Javert", "Mme. Thénardier")
    assert graph.weights.tolist() == [1, 1, 3, 3]


def test_files_are_a_kind_of_topology(tmp_path):
    path = saved(tmp_path / "g.tsv", "a\tb\nb\tc\n")
    assert edges(topology["file"](path, directed=True)) == [(0, 1), (1, 2)]
