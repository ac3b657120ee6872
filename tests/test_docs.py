"""The written reference fits the code, and the examples run."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from scenarios.scenario import scenario_model

ROOT = Path(__file__).parents[1]


def test_the_reference_is_up_to_date() -> None:
    written = runpy.run_path(str(ROOT / "docs" / "reference.py"))["reference"]()
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == written, "run: make docs"
    schema = json.loads((ROOT / "docs" / "hubbub.schema.json").read_text(encoding="utf-8"))
    assert schema == json.loads(json.dumps(scenario_model().model_json_schema())), "run: make docs"


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_every_example_runs(example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(example), run_name="__main__")
