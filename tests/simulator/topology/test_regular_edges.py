"""Edges that are read by a pattern are those that expat would tell, whatever stands between them."""

from __future__ import annotations

import numpy as np
import pytest

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import graphml, regular_edges, xml_parsing
from hubbub.simulator.topology.files.options import ReadOptions

PLAIN = '<edge source="n{}" target="n{}"/>'
HEAD = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    '<key id="w" for="edge" attr.name="weight" attr.type="double"/><key id="t" for="edge" attr.name="tie"/>'
    '<key id="y" for="edge" yfiles.type="edgegraphics"/><graph edgedefault="undirected">'
)
FORMS = {
    "networkx": PLAIN,
    "with weights": '<edge source="n{}" target="n{}">\r\n <data key="w">2.5</data>\n </edge>',
    "igraph": '<edge id="e" source="n{}" target="n{}">\n<data key="w">3</data>\n<data key="t"> a\'b </data></edge>',
    "own directions": '<edge target="n{}" directed="true" source="n{}"  />',
    "empty data": '<edge source="n{}" target="n{}"><data key="w"></data><data key="t"></data></edge>',
    "graphics": '<edge source="n{}" target="n{}"><data key="y">x</data></edge>',
    "line end in a text": '<edge source="n{}" target="n{}"><data key="t">a\r\nb</data></edge>',
    "tab in a value": '<edge source="n{}" target="n{}" id="a\tb"><data key="t">a</data></edge>',
    "undeclared data": '<edge source="n{}" target="n{}"><data key="z">1</data></edge>',
    "no number": '<edge source="n{}" target="n{}"><data key="w">one</data></edge>',
    "no target": '<edge source="n{}" id="n{}"/>',
    "unknown end": '<edge source="n{}" target="m{}"/>',
}
BETWEEN = {
    "nothing": "",
    "a comment": f"<!-- {PLAIN.format(1, 5)} ",
    "edges in a comment": f"<!-- {PLAIN.format(1, 5) * 9} -->",
    "edges in a text": f'<data key="g"><![CDATA[{PLAIN.format(1, 5) * 9}]]></data>',
    "edges in something else": f"<more>{PLAIN.format(1, 5) * 9}</more>",
    "other quotes": "<edge source='n0' target='n7'/>",
    "an entity": '<edge source="n&#48;" target="n7"/>',
    "another edge": '<edge source="n0" target="n7"><data key="t">&lt;</data></edge>',
    "a name twice": '<edge source="n0" source="n1" target="n7"/>',
    "a letter": '<node id="né"/><edge source="né" target="n7"/>',
    "text": "text",
    "an end": "</graph>",
    "a mistake": '<edge source="n0" target="n7"</edge>',
}
PAIRS = [(first, second) for first in range(8) for second in range(first)]


def document(form: str, between: str, head: str = HEAD) -> str:
    nodes = "".join(f'<node id="n{number}"/>' for number in range(8))
    edges = [form.format(*pair) + "\n" for pair in PAIRS]
    return head + nodes + "".join(edges[:14]) + between + "".join(edges[14:]) + "</graph></graphml>"


def read(data: bytes) -> str:
    """Return everything that a file says, or why it was refused."""
    try:
        contents = graphml.read_graphml(data, ReadOptions())
    except TopologyError as error:
        return str(error)
    return "\n".join(
        f"{name}: {np.asarray(value).tolist() if isinstance(value, np.ndarray) else value!r}"
        for name, value in vars(contents).items()
    )


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_parsing, "CHUNK_BYTES", 200)
    monkeypatch.setattr(regular_edges, "PATTERN_BYTES", 120)
    monkeypatch.setattr(regular_edges, "WINDOW_BYTES", 300)


def by_events(data: bytes) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regular_edges.RegularEdges, "skip", lambda self, place: place)
        return read(data)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_is_read_as_by_events(form: str) -> None:
    for between in BETWEEN.values():
        data = document(FORMS[form], between).encode()
        assert read(data) == by_events(data)
    cut = document(FORMS[form], "").encode()[:-11]
    assert read(cut) == by_events(cut)


@pytest.mark.parametrize("encoding", ["utf-8", "us-ascii", "utf-16", "latin-1", "cp500"])
def test_encodings(encoding: str) -> None:
    data = (f'<?xml version="1.0" encoding="{encoding}"?>' + document(PLAIN, "")).encode(encoding)
    assert read(data) == by_events(data)


@pytest.mark.parametrize("prefix", ["", "g:"])
def test_edges_of_one_form_are_read_by_the_pattern(prefix: str) -> None:
    text = document(FORMS["with weights"], "")
    if prefix:
        text = text.replace("<", f"<{prefix}").replace(f"<{prefix}/", f"</{prefix}").replace("xmlns=", "xmlns:g=")
    reading = graphml._Reading(text.encode())
    xml_parsing.parse_in_chunks(reading.parser, text.encode(), reading.flush, reading.regular)
    assert reading.regular.skipped > 0.6 * len(text)
    assert len(reading.parts().ends) == len(PAIRS)
