"""A linguist with a file of friendships: from two tables to a map with names and a study over seeds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hubbub
from hubbub.analysis.figures import graph_map

FRIENDS = """person,friend,hours
Ann,Bob,3
Ann,Cy,2
Bob,Cy,4
Cy,Dana,2
Dana,Eve,1
Eve,Flo,3
Eve,Gus,2
Flo,Gus,5
"""
PEOPLE = "name,school\nAnn,north\nBob,north\nCy,north\nDana,north\nEve,south\nFlo,south\nGus,south\n"
GRAPH = "{kind: file, path: friends.csv, weight: hours, people: people.csv}"
QUICK = (
    "training.steps=4 agent.hidden=16 agent.embedding=8 training.games_per_step=16 engine.record_every=4 "
    "engine.checkpoint_every=4"
)


def test_from_a_friendship_file_to_a_map_and_a_study(folder: Path, does: Callable[..., Any]) -> None:
    Path("friends.csv").write_text(FRIENDS)
    Path("people.csv").write_text(PEOPLE)
    read = does("topology friends.csv topology.weight=hours topology.people=people.csv --draw friends.svg").out
    assert read.startswith("edge table (commas): 7 agents, 8 undirected pairs; ")
    assert "weights: column 'hours'; attributes: school; " in read
    assert "Flo" in Path("friends.svg").read_text()

    ended = does(f"run ring-dialects {QUICK} --out runs/friends", f"topology={GRAPH}")
    assert f"topology: {read.splitlines()[0]}" in ended.err
    does("report runs/friends")
    page = Path("runs/friends/report.html").read_text()
    assert all(name in page for name in ("Ann", "Gus", "school"))
    run = hubbub.open_run("runs/friends")
    graph_map(run).savefig("map.svg")
    assert "Eve" in Path("map.svg").read_text()

    seeds = does(f"sweep ring-dialects {QUICK} seed=0..1 --workers 1 --out studies/friends", f"topology={GRAPH}")
    assert "2 of 2 runs finished" in seeds.out
    frame = hubbub.open_study("studies/friends").frame(measures=["similarity"])
    assert list(frame["seed"]) == [0, 1]
    assert frame["similarity"].between(0, 1).all()
