"""Someone who launches sweeps on many cores: from two files to a report and a workbook."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import hubbub

STUDY = """scenario: mine.yaml
vary:
  topology.n_agents: [2, 3]
seeds: 0..1
measures: [similarity]
"""
SMALL = {
    "agent.hidden": 8,
    "agent.embedding": 4,
    "training.games_per_step": 2,
    "training.steps": 6,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
}
FIELDS = " ".join(f"{name}={value}" for name, value in SMALL.items())


def test_from_a_study_file_to_a_report_and_a_workbook(folder: Path, does: Callable[..., Any]) -> None:
    does("init group-size --out mine.yaml")
    Path("sizes.yaml").write_text(STUDY)
    planned = json.loads(does(f"sweep sizes.yaml {FIELDS} --workers 2 --dry-run --json").out)
    assert (planned["runs"], planned["processes"], planned["finished"]) == (4, 2, 0)
    assert not Path("studies").exists()

    made = does(f"sweep sizes.yaml {FIELDS} --workers 2 --json")
    assert made.err == ""
    told = json.loads(made.out)
    assert told["study"] == str(folder / "studies" / "sizes")
    rows = [(row["run"], row["topology.n_agents"], row["status"]) for row in told["runs"]]
    assert rows[::2] == [("sizes-0-s0", 2, "finished"), ("sizes-1-s0", 3, "finished")]
    again = does(f"sweep sizes.yaml {FIELDS} --workers 2")
    assert again.out.startswith("4 of 4 runs finished")

    seen = json.loads(does("status --json").out)
    assert [(study["state"], len(study["runs"])) for study in seen["studies"]] == [("finished", 4)]
    assert "sizes-1-s1" in does("watch studies/sizes --once").out
    does("report studies/sizes --measures similarity")
    assert "Conditions side by side" in Path("studies/sizes/report.html").read_text()
    does("export studies/sizes --format xlsx --measures similarity")
    book = next(Path("studies/sizes").rglob("*.xlsx"))
    exported = pd.read_excel(book)
    frame = hubbub.open_study("studies/sizes").frame()
    assert exported["similarity"].tolist() == pytest.approx(frame["similarity"].tolist())
    assert frame.groupby("topology.n_agents").size().tolist() == [2, 2]
