"""Links as they were recorded: at each step those of its moment."""

import json

import pytest

from hubbub.scenarios import run
from hubbub.simulator.errors import HubbubError, TopologyError
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.files import read_topology
from hubbub.simulator.topology.rewiring.recorded import recorded

CONTACTS = "20\t1\t2\n20\t2\t3\n40\t1\t2\n60\t3\t1\n60\t1\t3\n80\t2\t3\n"
SMALL = {"training.steps": 4, "training.games_per_step": 2, "agent.hidden": 4, "engine.record_every": 4}


@pytest.fixture
def contacts(tmp_path):
    path = tmp_path / "contacts.txt"
    path.write_text(CONTACTS)
    return path


def links(graph):
    ends = zip(graph.sources.tolist(), graph.targets.tolist(), strict=True)
    return sorted({tuple(sorted((graph.names[one], graph.names[other]))) for one, other in ends})


def test_each_step_has_the_links_of_its_moment(contacts):
    agents = read_topology(contacts, at="first")
    assert links(agents) == [("1", "2"), ("2", "3")]
    found = [links(recorded(agents, path=contacts, time_per_step=20, step=step)) for step in range(5)]
    assert found == [[("1", "2"), ("2", "3")], [("1", "2")], [("1", "3")], [("2", "3")], []]


def test_a_window_takes_all_that_begins_before_its_end(contacts):
    agents = read_topology(contacts)
    made = recorded(agents, path=contacts, time_per_step=10, window=40, start=20, step=0)
    assert (links(made), made.weights.tolist()) == ([("1", "2"), ("2", "3")], [2, 2, 1, 1])
    longer = recorded(agents, path=contacts, time_per_step=10, window=41, step=0)
    assert links(longer) == [("1", "2"), ("1", "3"), ("2", "3")]
    once = recorded(agents, path=contacts, time_per_step=10, window=100, parallel="once", step=0)
    assert (once.n_edges, once.weights) == (6, None)


def test_dates_and_spells(tmp_path):
    path = tmp_path / "spells.csv"
    path.write_text("source,target,start,end\na,b,2026-01-01,2026-01-03\nb,c,2026-01-03,\n")
    agents = read_topology(path)
    day = 86400
    found = [links(recorded(agents, path=path, time_per_step=day, step=step)) for step in (0, 1, 2, 3)]
    assert found == [[("a", "b")], [("a", "b")], [("a", "b"), ("b", "c")], [("b", "c")]]
    assert links(recorded(agents, path=path, time_per_step=day, start="2026-01-03", step=1)) == [("b", "c")]


def test_gexf_with_spells(tmp_path):
    path = tmp_path / "g.gexf"
    path.write_text(
        '<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph mode="dynamic" defaultedgetype="undirected" '
        'timeformat="double"><nodes><node id="0" label="a"/><node id="1" label="b"/><node id="2" label="c"/></nodes>'
        '<edges><edge id="0" source="0" target="1" start="1" end="3"/><edge id="1" source="1" target="2"><spells>'
        '<spell start="2" end="2.5"/><spell start="4" end="5"/></spells></edge></edges></graph></gexf>'
    )
    agents = read_topology(path, at="first..last")
    found = [links(recorded(agents, path=path, time_per_step=1, step=step)) for step in (0, 1, 2, 3)]
    assert found == [[("a", "b")], [("a", "b"), ("b", "c")], [("a", "b")], [("b", "c")]]


def test_what_does_not_fit_is_refused(contacts, tmp_path):
    agents = Topology(2, [0], [1], names=("1", "2"))
    with pytest.raises(TopologyError, match=r"contacts\.txt: names: expected links between agents.*got '3'"):
        recorded(agents, path=contacts, time_per_step=20, step=0)
    (tmp_path / "g.csv").write_text("source,target\n1,2\n")
    with pytest.raises(TopologyError, match="expected a file whose links have times, got edge table"):
        recorded(agents, path=tmp_path / "g.csv", time_per_step=20, step=0)
    with pytest.raises(TopologyError, match="at: expected a number"):
        recorded(agents, path=contacts, time_per_step=20, start="soon", step=0)
    with pytest.raises(TopologyError, match="there is no such file"):
        recorded(agents, path=tmp_path / "no.txt", time_per_step=20, step=0)


def test_a_run_follows_the_record(contacts):
    rule = {"kind": "recorded", "path": str(contacts), "time_per_step": 20}
    settings = {
        **SMALL,
        "topology": {"kind": "file", "path": str(contacts), "at": "first"},
        "rewiring": [{"every": 1, "rule": rule}],
    }
    made = run("ring-dialects", settings, out=contacts.parent / "run")
    events = made.events().to_pylist()
    removed = {(event["step"], event["source"], event["target"]) for event in events if event["kind"] == "edge-removed"}
    assert {step for step, _, _ in removed} == {2, 3, 4}
    assert made.edges(2).tolist() == [[0, 1], [1, 0]]
    assert json.loads((made.path / "run.json").read_text())["topology"]["format"] == "contact list"
    with pytest.raises(HubbubError, match="time_per_step: expected greater than 0"):
        run("ring-dialects", {**settings, "rewiring": [{"every": 1, "rule": {**rule, "time_per_step": 0}}]})
