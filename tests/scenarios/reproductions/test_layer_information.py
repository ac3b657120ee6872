"""Information across layers: a run in two parts, and the reproduction from end to end in small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from hubbub.scenarios import resume, run
from hubbub.scenarios.reproductions import RunSet, reproduction
from hubbub.scenarios.reproductions.layer_information.pairs import NEURAL, Fit
from hubbub.scenarios.reproductions.writing import write_outcome
from hubbub.scenarios.running import load_system

TINY = {
    "task.entities": 5,
    "task.shots": 2,
    "task.layers": 2,
    "task.width": 8,
    "networks.seeds": 2,
    "training.steps": 6,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
}


def test_a_run_in_two_parts_is_a_run_in_one(tmp_path: Path) -> None:
    whole = run("layer-information", TINY, out=tmp_path / "whole")
    run("layer-information", {**TINY, "training.steps": 4}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 6})
    assert parts.metric_rows().equals(whole.metric_rows())
    one, other = (load_system(made.path).state().tensors for made in (whole, parts))
    assert one.keys() == other.keys() and all(torch.equal(values, other[name]) for name, values in one.items())


def test_from_end_to_end(here: Callable[..., RunSet], tmp_path: Path) -> None:
    tiny = {"entities": 5, "shots": 3, "layers": 3, "width": 8, "seeds": 2, "records": (0, 50), "pairs": 40}
    outcome = reproduction["layer-information"]("small", **tiny, fit=Fit(5, 1e-3)).reproduce(here())
    assert len(outcome.table) == 2 * 2 * (3 + 1) * 2  # looks × blocks × (shots, and shuffled) × seeds
    claims = {claim.name: claim for claim in outcome.claims}
    assert claims["the data decide"].verdict == "holds"
    assert "trained" in claims["the data decide"].statement
    start, end = (
        [
            row["macro_maximum"] - row["micro_maximum"]
            for row in outcome.table
            if (row["seed"], row["step"], row["shots"], row["shuffled"]) == (1, step, 3, False)
        ]
        for step in (0, 50)
    )
    rise = claims["E is what a model extracts"].value.each[1].value
    assert rise == pytest.approx((sum(end) - sum(start)) / 2, abs=1e-4)
    for row in outcome.table:
        assert all(row[f"macro_{name}"] < 1 for name in NEURAL)  # five steps find little
    assert set(outcome.figures) == {"layers", "shots", "training"}
    assert all(file.stat().st_size > 0 for file in write_outcome(outcome, tmp_path / "out", command="hubbub …"))
