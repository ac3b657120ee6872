import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from hubbub.simulator.configuration import Section, choice, validate
from hubbub.simulator.errors import ConfigurationError, TopologyError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.registry import Registry, load_module
from hubbub.simulator.topology import Topology, build_topology, topology

EXAMPLE = Path(__file__).parents[3] / "examples" / "two_islands.py"


def section(kind, **options):
    model = type("Configuration", (Section,), {"__annotations__": {"topology": choice(topology)}})
    return validate(model, {"topology": {"kind": kind, **options}}).topology


@pytest.fixture(autouse=True)
def forgotten_afterwards(monkeypatch):
    """Users' functions are known only for the length of a test."""
    assert "ring" in topology
    monkeypatch.setattr(topology, "_entries", dict(topology._entries))


def own(function, **options):
    topology("own")(function)
    return build_topology(section("own", **options), RandomStreams(3))


def pairs(graph):
    return [pair for pair in zip(graph.sources.tolist(), graph.targets.tolist(), strict=True) if pair[0] < pair[1]]


def test_a_function_in_a_file():
    sys.modules.pop("hubbub_user_two_islands", None)
    load_module(str(EXAMPLE))
    graph = build_topology(section("two-islands", n_agents=5, bridges=2), RandomStreams(1))
    assert pairs(graph) == [(0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (3, 4)]
    assert graph.attributes == {"island": ("west", "west", "east", "east", "east")}


def test_a_function_by_import_path(tmp_path, monkeypatch):
    (tmp_path / "my_own_graphs.py").write_text(
        "from hubbub.simulator.topology import topology\n"
        "@topology('own-path')\n"
        "def path(n_agents: int):\n"
        "    return [(i, i + 1) for i in range(n_agents - 1)]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    load_module("my_own_graphs")
    assert pairs(build_topology(section("own-path", n_agents=3), RandomStreams(1))) == [(0, 1), (1, 2)]


@pytest.mark.parametrize(
    "made",
    [
        Topology.from_pairs(3, [(0, 1), (1, 2)]),
        nx.path_graph(3),
        nx.MultiGraph([(0, 1), (1, 2), (2, 1)]),
        np.array([[0, 1], [2, 1]], dtype=np.uint8),
        [(0, 1), (1, 2)],
        [[1, 0], [1, 2]],
    ],
)
def test_a_function_may_return_several_things(made):
    graph = own(lambda: made)
    assert graph.n_agents == 3
    assert pairs(graph) == [(0, 1), (1, 2)]
    assert graph.is_symmetric


def test_a_directed_networkx_graph_stays_directed():
    assert own(lambda: nx.DiGraph([(0, 1), (1, 2)])).n_edges == 2


def test_pairs_leave_agents_alone_if_n_agents_says_so():
    graph = own(lambda n_agents: [(0, 1)], n_agents=4)
    assert graph.out_degrees.tolist() == [1, 1, 0, 0]
    with pytest.raises(TopologyError, match="expected agents 0 … 3, got 4"):
        own(lambda n_agents: [(0, 4)], n_agents=4)


@pytest.mark.parametrize(
    ("made", "got"),
    [
        (None, "got None"),
        ("0 1", "got '0 1'"),
        (np.array([[0.0, 1.0]]), r"got float64 of shape \(1, 2\)"),
        (np.eye(3, dtype=int), r"got int64 of shape \(3, 3\)"),
        ([(0, 1), (1,)], "got rows of unequal length"),
        ([("a", "b")], "got <U1 of shape"),
        ([(0, 1), (0, 10**15)], "n_agents: expected 1 … 100,000, got 1000000000000001"),
    ],
)
def test_a_function_may_not_return_anything_else(made, got):
    with pytest.raises(TopologyError, match=rf"topology 'own': (expected a Topology, a networkx graph or .*)?{got}"):
        own(lambda: made)


def clumsy(n_agents: int, *, links: int = 3):
    if links > 3:
        raise TopologyError(f"links: expected at most 3, got {links}")
    return [(0, 1)] * links + [(n_agents / 0, 1)]


def test_a_function_that_fails_is_named_with_the_line():
    with pytest.raises(
        TopologyError, match=r"topology 'own': clumsy failed at .*_topology\.py:\d+ with ZeroDivision"
    ) as caught:
        own(clumsy, n_agents=3)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_an_option_that_a_function_refuses_is_named_as_the_field_it_is():
    with pytest.raises(TopologyError, match=r"^topology\.links: expected at most 3, got 4$"):
        own(clumsy, n_agents=3, links=4)


@pytest.mark.parametrize("made", [[], np.empty((0, 2)), nx.empty_graph(3), Topology(3, [], [])])
def test_a_graph_without_links_is_refused(made):
    with pytest.raises(TopologyError, match="topology 'own': expected at least one link"):
        own(lambda: made)


def test_a_function_draws_at_the_address_of_the_topology():
    drawn = []

    def noted(generator):
        drawn.append(generator.integers(1000))
        return [(0, 1)]

    own(noted)
    assert drawn == [RandomStreams(3).at("topology").integers(1000)]


def test_two_functions_cannot_share_a_name():
    names = Registry("topology", package="hubbub.simulator.topology.generators")
    names("mine")(test_a_function_in_a_file)
    with pytest.raises(ConfigurationError, match="topology 'mine' is registered twice"):
        names("mine")(section)
