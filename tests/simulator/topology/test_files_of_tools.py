"""Small files after the forms in which tools write graphs; the table says what each of them holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

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


def test_groups_are_kept_where_they_are_wanted() -> None:
    path = FOLDER / "yed_groups.graphml"
    assert read_topology(path, groups="attribute").attributes["group"] == ("Office", "Ann", None)
    everyone = read_topology(path, groups="agents")
    assert everyone.names == ("n0", "n0::n0", "n0::n1", "n0::n1::n0", "n1")  # two labels are the same
    assert everyone.attributes["label"] == ("Office", "Ann", "Ann", "Bob & Co", "Cy")
    assert everyone.n_edges == 3
