"""Graph files from strangers end in words, quickly, whatever is in them."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import read_topology

TRIALS = 12
FOLDER = Path(__file__).parent / "graph_files"
GRAPHML = (
    '<graphml><key id="w" for="{0}" attr.name="{1}" attr.type="{2}"/>'
    '<graph><node id="a">{3}</node><node id="b"/>{4}</graph></graphml>'
)
GEXF = (
    '<gexf><graph mode="dynamic"><attributes class="node"><attribute id="0" title="t" type="{}"/></attributes>'
    '<nodes>{}<node id="b"/></nodes><edges>{}</edges></graph></gexf>'
)


def graphml_of(domain: str, name: str, kind: str, value: str) -> str:
    data = f'<data key="w">{value}</data>'
    edge = f'<edge source="a" target="b">{data if domain == "edge" else ""}</edge>'
    return GRAPHML.format(domain, name, kind, data if domain == "node" else "", edge)


CASES: dict[str, tuple[str, str, str]] = {
    "weight beyond float": ("g.graphml", graphml_of("edge", "weight", "double", "1e999"), "weight of edge a – b"),
    "weight NaN": ("g.graphml", graphml_of("edge", "weight", "double", "NaN"), "weight of edge a – b"),
    "weight of words": (
        "g.graphml",
        graphml_of("edge", "weight", "string", "much"),
        "weight of an edge: expected a number",
    ),
    "weight of digits": ("g.graphml", graphml_of("edge", "weight", "long", "9" * 400), "expected a number"),
    "nodes that are none": ("g.json", '{"graph": {"nodes": 3, "edges": []}}', "nodes: expected a list of objects, got"),
    "a neighbour that is none": (
        "g.json",
        '{"nodes": [{"id": 1}, {"id": 2}], "adjacency": [[{"id": 7}], []]}',
        "got one that ends at 7",
    ),
    "neighbours that are none": (
        "g.json",
        '{"nodes": [{"id": 1}], "adjacency": [[3]]}',
        "adjacency: expected a list of objects",
    ),
    "code in an edge list": ("g.edgelist", "a b {'x': __import__('os')}", "expected attributes as Python writes them"),
    "digits": ("g.graphml", graphml_of("node", "n", "int", "9" * 5000), "a whole number, got '9999"),
    "underscores": ("g.graphml", graphml_of("node", "n", "int", "1_000"), "a whole number, got '1_000'"),
    "no truth": ("g.graphml", graphml_of("node", "n", "boolean", "maybe"), "true or false, got 'maybe'"),
    "vector of words": ("g.graphml", graphml_of("node", "pos", "vector_double", "1, NOUN"), "a number"),
    "no key": (
        "g.graphml",
        graphml_of("node", "n", "int", "1").replace('key="w"', 'key="v"'),
        "a key that is declared",
    ),
    "no graph": ("g.graphml", "<graphml/>", "it has no graph"),
    "no source": ("g.graphml", GRAPHML.format("node", "n", "int", "", '<edge target="b"/>'), "a source and a target"),
    "hyperedge": ("g.graphml", GRAPHML.format("node", "n", "int", "", "<hyperedge/>"), "got a hyperedge"),
    "graph in an edge": (
        "g.graphml",
        GRAPHML.format("node", "n", "int", "", '<edge source="a" target="b"><graph/></edge>'),
        "got one with a graph",
    ),
    "deep": ("g.graphml", "<graphml>" + "<a>" * 50_000, "at most 100 nested XML elements"),
    "deep in data": ("g.graphml", graphml_of("node", "n", "string", "<a>" * 200), "at most 100 nested XML elements"),
    "deep GEXF": ("g.gexf", "<gexf>" + "<nodes>" * 50_000, "at most 100 nested XML elements"),
    "deep GML": ("g.gml", "graph " + "[ a " * 50_000, "at most 100 nested lists"),
    "deep JSON": ("g.json", '{"nodes": ' + "[" * 100_000, "expected JSON, got an error"),
    "time of words": ("g.gexf", GEXF.format("string", '<node id="a" start="noon"/>', ""), "a number or a date such as"),
    "time of months": ("g.gexf", GEXF.format("string", '<node id="a" start="2026-13-01"/>', ""), "a date such as"),
    "value of words": (
        "g.gexf",
        GEXF.format("integer", '<node id="a"><attvalues><attvalue for="0" value="x"/></attvalues></node>', ""),
        "attribute 't': expected a whole number, got 'x'",
    ),
    "value of nothing": (
        "g.gexf",
        GEXF.format("integer", '<node id="a"><attvalues><attvalue for="9" value="x"/></attvalues></node>', ""),
        "attributes that are declared, got one for '9'",
    ),
    "value outside": ("g.gexf", GEXF.format("integer", '<attvalue for="0" value="1"/>', ""), "inside nodes and edges"),
    "GML with two nodes": ("g.gml", "graph [ node [ id 1 ] node [ id 1 ] ]", "the node 1 is there twice"),
    "GML to nowhere": ("g.gml", "graph [ node [ id 1 ] edge [ source 1 target 2 ] ]", "got one that ends at 2"),
    "GML cut": ("g.gml", "graph [ node [ id 1 ]", "an end within a list"),
    "GML without value": ("g.gml", "graph [ node [ id ] ]", "expected a value of 'id'"),
    "GML weight": (
        "g.gml",
        "graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 weight 1e999 ] ]",
        "expected a number",
    ),
    "Pajek vertex": ("g.net", "*Vertices 2\n*Arcs\n1 3\n", "line 3: vertex: expected a vertex, 1 … 2, got '3'"),
    "Pajek size": ("g.net", "*Vertices 999999999\n", "at most 100,000 nodes"),
    "Pajek digits": ("g.net", "*Vertices " + "9" * 5000, "the number of vertices"),
    "Pajek weight": ("g.net", "*Vertices 2\n*Arcs\n1 2 1x\n", "weight: expected a number, got '1x'"),
    "Pajek matrix": ("g.net", "*Vertices 2\n*Matrix\n0 1 0\n1 0 0\n", "expected a matrix of 2 rows with 2 numbers"),
    "Pajek time": ("g.net", "*Vertices 2\n*Arcs\n1 2 1 [1 2]\n", "time: expected [1-3,7] or [5-*]"),
    "two networks": ("g.net", "*Vertices 1\n1 a\n*Vertices 1\n1 a\n", "expected one network, got a second one"),
    "JSON of numbers": ("g.json", "[1, 2]", "a JSON object with nodes and links, got list"),
    "JSON without links": ("g.json", '{"nodes": []}', "nodes and links or edges"),
    "JSON digits": ("g.json", '{"nodes": [{"id": ' + "9" * 5000 + '}], "links": []}', "expected JSON, got an error"),
    "JSON weight": (
        "g.json",
        '{"nodes": [{"id": 1}, {"id": 2}], "links": [{"source": 1, "target": 2, "weight": [1]}]}',
        "weight of an edge: expected a number, got '[1]'",
    ),
    "JSON nodes": ("g.json", '{"nodes": [1], "links": []}', "nodes: expected a list of objects"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_in_words(tmp_path: Path, case: str) -> None:
    name, text, message = CASES[case]
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(TopologyError, match=re.escape(message)) as caught:
        read_topology(path)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_damage_of_any_kind_ends_in_words(tmp_path: Path, path: Path) -> None:
    """Bytes cut out, doubled, exchanged: read as something, or refused; never an error of another kind."""
    rng, whole = random.Random(path.name), path.read_bytes()
    for trial in range(TRIALS):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            first, length = rng.randrange(len(data)), rng.randint(1, 30)
            piece = bytes(data[first : first + length])
            match rng.randrange(4):
                case 0:
                    del data[first : first + length]
                case 1:
                    data[first:first] = piece * 2
                case 2:
                    data[first] = rng.randrange(256)
                case _:
                    numbers = [found.span() for found in re.finditer(rb"-?\d+(\.\d+)?", data)] or [(0, 0)]
                    begin, end = rng.choice(numbers)
                    data[begin:end] = rng.choice([b"1e999", b"NaN", b"", b"-1", b"9" * 50, b"x", b'"', b"null", b"[]"])
        damaged = tmp_path / f"{trial}{path.suffix}"
        damaged.write_bytes(data)
        try:
            read_topology(damaged)
        except TopologyError as error:
            assert json.dumps(str(error))
