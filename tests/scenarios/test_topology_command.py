"""`hubbub topology`, and what a run says of the graph that it has read."""

import json
from pathlib import Path

import pytest

from hubbub.scenarios import run
from hubbub.simulator.topology.files import read_topology

SMALL = {"training.steps": 2, "training.games_per_step": 2, "agent.hidden": 4, "engine.record_every": 2}
FRIENDS = "Person;Friend;Hours;Id\nann;bob;2;1\nbob;cy;3;2\nbob;bob;1;3\n"
KEYS = {"format", "agents", "links", "directed", "weighted", "names_from", "isolated", "components", "left_out"}


@pytest.fixture
def friends(tmp_path):
    path = tmp_path / "friends.csv"
    path.write_text(FRIENDS)
    (tmp_path / "people.csv").write_text("name,club\nann,x\nbob,y\ncy,x\n")
    return path


def test_it_says_what_is_read_and_draws_it(hubbub, friends):
    options = ["topology.self_loops=drop", "weight=Hours", f"people={friends.parent / 'people.csv'}"]
    said = hubbub("topology", friends, *options, "--draw", friends.parent / "drawn" / "g.svg")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(
        "edge table (semicolons): 3 agents, 2 undirected pairs; names: column 'Person' and column 'Friend'; weights: "
        "column 'Hours'; attributes: club; attributes of links: Id; 0 isolated, 1 component; 1 self-loops dropped; "
        "attributes of agents from people.csv, joined by its column 'name'\n"
    )
    drawing = (friends.parent / "drawn" / "g.svg").read_text()
    assert "ann" in drawing and "friends.csv: club" in drawing
    found = json.loads(hubbub("topology", friends, *options, "directed=true", "--json").out)
    assert set(found) >= KEYS
    assert (found["links"], found["directed"], found["weighted"], found["attributes"]) == (
        2,
        True,
        True,
        ["club", "Id"],
    )


def test_it_makes_any_kind_of_topology(hubbub, tmp_path):
    path = tmp_path / "ring.png"
    assert "8 agents, 8 undirected pairs" in hubbub("topology", "ring", "n_agents=8", "--draw", path).out
    assert path.read_bytes().startswith(b"\x89PNG")
    made = [
        json.loads(hubbub("topology", "erdos-renyi", "n_agents=50", "links=20", "--seed", seed, "--json").out)
        for seed in (1, 1, 5)
    ]
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["karatee"], "a kind of topology"),
        (["karatee"], "did you mean 'karate'?"),
        (["ring"], "n_agents: expected a value, got nothing"),
        (["ring", "n_agent=8"], "did you mean 'n_agents'?"),
        (["karate", "--draw", "k.bmp"], "draw: expected a file that ends in .png or .svg, got '.bmp'"),
        (["FILE"], "agent bob is linked to itself"),
        (["FILE", "self_loops=dorp"], "self_loops: expected one of refuse, drop, got 'dorp'; did you mean 'drop'?"),
        (["FILE", "self_loops=drop", "people=nobody.csv"], "people: nobody.csv: there is no such file"),
    ],
)
def test_bad_input_is_refused(hubbub, friends, words, message):
    ended = hubbub("topology", *(friends if word == "FILE" else word for word in words))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_a_run_says_what_it_has_read(hubbub, friends):
    settings = [f"{name}={value}" for name, value in SMALL.items()]
    options = ["topology.kind=file", f"topology.path={friends}", "topology.self_loops=drop"]
    ended = hubbub("run", "ring-dialects", *options, *settings, "--out", friends.parent / "run")
    assert "hubbub: topology: edge table (semicolons): 3 agents, 2 undirected pairs" in ended.err
    told = json.loads((friends.parent / "run" / "run.json").read_text())["topology"]
    assert (told["agents"], told["link_attributes"], told["dropped"]) == (3, ["Hours", "Id"], {"self-loops": 1})
    resumed = hubbub("resume", friends.parent / "run", "training.steps=4", "--json")
    assert (resumed.code, json.loads(resumed.out)["topology"]) == (0, told)


def test_a_graph_given_in_python_is_told_too(friends):
    made = run("ring-dialects", SMALL, out=friends.parent / "a", topology=read_topology(friends, self_loops="drop"))
    assert made.info["topology"]["format"] == "edge table (semicolons)"
    plain = run("ring-dialects", {**SMALL, "topology.n_agents": 4}, out=friends.parent / "b")
    assert (plain.info["topology"]["format"], plain.info["topology"]["links"]) == ("ring", 4)


def test_the_example_of_the_guide_is_what_the_command_prints(hubbub, tmp_path, monkeypatch):
    page = (Path(__file__).parents[2] / "docs" / "graph_files.md").read_text(encoding="utf-8")
    command, printed = page.partition("$ hubbub ")[2].partition("```")[0].strip().split("\n")
    (tmp_path / "friends.csv").write_text(
        page.partition("`friends.csv` of the example above is")[2].split("```")[1].strip()
    )
    monkeypatch.chdir(tmp_path)
    assert hubbub(*command.split()).out.strip() == printed
