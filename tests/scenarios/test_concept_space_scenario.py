from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from hubbub.analysis.report import write_report
from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import load
from hubbub.scenarios.running import load_system
from hubbub.simulator.errors import ConfigurationError

TINY = {
    "task.channels": [3],
    "task.side": 8,
    "task.batch": 4,
    "networks.seeds": 2,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
}


def test_a_run_in_two_parts_is_a_run_in_one(tmp_path: Path) -> None:
    whole = run("concept-space", {**TINY, "training.steps": 4}, out=tmp_path / "whole")
    run("concept-space", {**TINY, "training.steps": 2}, out=tmp_path / "parts")
    parts = resume(tmp_path / "parts", {"training.steps": 4})
    assert parts.metric_rows().equals(whole.metric_rows())
    one, other = (load_system(made.path).state().tensors for made in (whole, parts))
    assert one.keys() == other.keys() and all(torch.equal(values, other[name]) for name, values in one.items())
    assert "concept-space, 6 networks" in write_report(parts.path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour_signal": [0.2]}, "did you mean 'colour_signals'"),
        ({"colour_signals": [0.9]}, "colour_signals.*less than or equal to 0.8, got 0.9"),
        ({"size_signals": [0.5]}, "size_signals.*less than or equal to 0.4, got 0.5"),
        ({"side": 4}, "side.*greater than or equal to 8, got 4"),
    ],
)
def test_settings_without_discs_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load("concept-space", {f"task.{name}": value for name, value in change.items()})
