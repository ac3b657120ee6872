"""The cells of every notebook run, one after the other, with the sizes that they state for tests."""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(notebook: Path, kind: str) -> list[dict[str, object]]:
    """Return the cells of a kind, "code" or "markdown"."""
    return [cell for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


@pytest.mark.usefixtures("alone", "in_process")
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_runs(
    notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: Callable[[str], str]
) -> None:
    monkeypatch.chdir(tmp_path)
    program = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", program)
    for number, cell in enumerate(cells(notebook, "code"), start=1):
        exec(compile(small("".join(cell["source"])), f"{notebook.name}, code cell {number}", "exec"), vars(program))
    assert list(tmp_path.glob("**/run.json"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_has_a_title_and_no_outputs(notebook: Path) -> None:
    assert "".join(cells(notebook, "markdown")[0]["source"]).startswith("# ")
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells(notebook, "code"))


def test_there_are_six_notebooks_and_the_page_lists_them() -> None:
    page = (FOLDER.parents[1] / "docs" / "notebooks.md").read_text(encoding="utf-8")
    assert len(NOTEBOOKS) >= 6
    assert not [notebook.name for notebook in NOTEBOOKS if f"examples/notebooks/{notebook.name}" not in page]
