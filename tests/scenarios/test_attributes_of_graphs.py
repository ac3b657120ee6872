"""What a graph file says of agents and links goes through a run and comes out of its exports."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hubbub.analysis.export import export_run
from hubbub.scenarios import run
from hubbub.simulator.topology.files import read_topology

SMALL = {"training.steps": 1, "training.games_per_step": 2, "agent.hidden": 4, "engine.record_every": 1}
NAMES = ("id", "pid", "start", "end", "label", "viz", "for", "x", "pos", "weight", "big")
DATA = "".join(f'<data key="{name}">{name} of {{0}}</data>' for name in NAMES[:-1])
OWN = '<data key="name">{}</data><data key="big">{}</data>'
FILE = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    + "".join(f'<key id="{name}" for="node" attr.name="{name}" attr.type="string"/>' for name in NAMES[:-1])
    + '<key id="name" for="node" attr.name="name" attr.type="string"/>'
    + '<key id="big" for="node" attr.name="big" attr.type="long"/>'
    + '<key id="y" for="node" attr.name="y" attr.type="double"/>'
    + '<key id="kind" for="edge" attr.name="kind" attr.type="string"/><graph edgedefault="directed">'
    + "".join(
        f'<node id="{node}">{DATA.format(node)}<data key="name">{node}</data><data key="big">{2**70}</data></node>'
        for node in "uv"
    )
    + '<edge source="u" target="v"><data key="kind">=kin</data></edge><edge source="v" target="u"/>'
    + "</graph></graphml>"
)


def test_no_attribute_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    path.write_text(FILE)
    made = run("karate", {"topology.kind": "file", "topology.path": str(path), **SMALL}, out=tmp_path / "run")
    assert read_topology(made.path / "topology" / "graph.graphml").attributes["big"] == (str(2**70),) * 2
    assert made.edge_attributes() == {"kind": ("=kin", None)}
    for form in ("graphml", "gexf"):
        back = read_topology(export_run(made, form)[0])
        for name in NAMES[:-1]:
            kept = f"source_{name}" if name in ("label", "viz") else name
            assert sorted(back.attributes[kept]) == [f"{name} of u", f"{name} of v"], (form, name)
        assert back.link_attributes["kind"] == ("=kin", None)
    tables = {file.stem: file for file in export_run(made, "parquet")}
    agents, edges = pd.read_parquet(tables["agents"]), pd.read_parquet(tables["edges"])
    assert [agents[name][0] for name in NAMES[:-1]] == [f"{name} of {agents['name'][0]}" for name in NAMES[:-1]]
    assert edges["kind"].tolist()[0] == "=kin"
    assert edges["source_name"].tolist() == list(back.names)
