"""The written reference fits the code, and the examples run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_the_reference_is_up_to_date(tmp_path: Path) -> None:
    """In a process of its own, since other tests register topologies that the reference should not list."""
    subprocess.run([sys.executable, ROOT / "docs" / "reference.py", tmp_path], check=True)
    for name in ("reference.md", "hubbub.schema.json"):
        assert (ROOT / "docs" / name).read_text() == (tmp_path / name).read_text(), f"docs/{name}: run `make docs`"


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_every_example_runs(example: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, example], cwd=tmp_path, check=True)
    assert list(tmp_path.glob("runs/*/run.json"))
