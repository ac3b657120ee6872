"""Every example runs, with the sizes that it states for tests, and says what is seen."""

from __future__ import annotations

import ast
import re
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
LONG = {"lstm_agent", "own_system"}
"""Whole programs of an extension that needs more than fifty lines."""


@pytest.mark.usefixtures("alone", "in_process")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_runs(
    example: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    small: Callable[[str], str],
) -> None:
    monkeypatch.chdir(tmp_path)
    program = types.ModuleType("__main__")
    program.__file__ = str(example)
    monkeypatch.setitem(sys.modules, "__main__", program)
    source = example.read_text(encoding="utf-8")
    exec(compile(small(source), example, "exec"), vars(program))
    assert capsys.readouterr().out
    assert "savefig" not in source or list(tmp_path.glob("*.png"))
    assert "run(" not in source or list(tmp_path.glob("**/run.json"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_begins_with_a_title(example: Path) -> None:
    source = example.read_text(encoding="utf-8")
    title, line, empty, *_ = (ast.get_docstring(ast.parse(source)) or "").splitlines()
    assert re.fullmatch("=+", line) and len(line) >= len(title) and not empty
    assert example.stem in LONG or len(source.splitlines()) <= 60


def test_there_are_at_least_twenty_examples() -> None:
    assert len(EXAMPLES) >= 20
