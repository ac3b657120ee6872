"""The code in the pages runs: one page after the other, in a folder of its own, with small sizes (see conftest.py).

A block is a file where the line before it ends with the name of the file: "`friends.csv`:". Commands that need more
than a test has are only parsed: their names, options and arguments exist. Python that imports what is not installed is
left out.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer

import hubbub
from hubbub.scenarios.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / "README.md", ROOT / "CONTRIBUTING.md"),
    *sorted(page for page in (ROOT / "docs").glob("*.md") if page.stem not in ("commands", "contributing", "changes")),
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w./-]+\.\w+)`[^`\n]*(?:\bis|:)\s*$")

ONLY_PARSED = {
    r"--address": "needs a cluster",
    r"^hubbub reproduce": "takes hours",
    r"^hubbub dashboard": "serves until it is stopped",
    r"^hubbub --install-completion": "changes the shell",
}


@dataclass(frozen=True)
class Block:
    """A block of code: what stands behind the fence, its text, the line where it begins, the file that it is or ""."""

    language: str
    text: str
    line: int
    file: str

    def can_be_imported(self) -> bool:
        """Whether all packages that a block of Python imports are installed."""
        packages = re.findall(r"^(?:import|from) (\w+)", self.text, re.MULTILINE)
        return all(importlib.util.find_spec(package) for package in packages)

    def commands(self) -> Iterator[tuple[str, str]]:
        """Yield each command `hubbub`, and what the block says that it prints, "" where it does not say."""
        if self.language not in ("", "bash", "console") or self.file:
            return
        text = self.text.replace("\\\n", " ")
        if text.startswith("$ "):
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                line, _, printed = part.partition("\n")
                if line.startswith("hubbub "):
                    yield line, printed
        else:
            yield from ((line, "") for line in text.splitlines() if re.match(r"hubbub (?!.*( \[|…))", line))


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page, in their order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        before = text[: fence.start()]
        file = FILE.search(before.rstrip("\n").rpartition("\n")[2])
        found.append(Block(fence[1], fence[2], before.count("\n") + 2, file[1] if file else ""))
    return found


def check_words(words: Sequence[str]) -> None:
    """Parse a command without running it; an unknown name or option raises."""
    group: Any = typer.main.get_command(app)
    while isinstance(group, typer.core.TyperGroup):
        context = group.make_context(words[0], list(words[1:]), resilient_parsing=False)
        words = [*context._protected_args, *context.args]
        if not words:
            return
        _, group, rest = group.resolve_command(context, list(words))
        words = [words[0], *rest]
    group.make_context(words[0], list(words[1:]))


@pytest.mark.usefixtures("short", "alone", "one_report")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_code_of_a_page_runs(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trained: Path,
    command: Callable[[Sequence[str]], Any],
    fewer: Callable[[str], str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)  # as in a Python that is started in this folder
    blocks = blocks_of(page)
    for block in blocks:
        if block.file:
            Path(block.file).parent.mkdir(parents=True, exist_ok=True)
            Path(block.file).write_text(fewer(block.text), encoding="utf-8")
    text = "".join(block.text for block in blocks)
    for run in ("runs/demo", "runs/mine"):  # pages read a run that the reader has, or make it
        if run in text and f"--out {run}" not in text:
            shutil.copytree(trained, run)
    if "studies/karate" in text and "hubbub sweep karate" not in text:
        hubbub.sweep("karate", ["seed=0..1"], out="studies/karate", workers=1)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    program = types.ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", program)
    for block in blocks:
        where = f"{page.name}:{block.line}"
        if block.language == "python" and not block.file and block.can_be_imported():
            code = "\n" * (block.line - 1) + fewer(block.text)
            exec(compile(code, page, "exec"), vars(program))
        elif block.language == "sql":
            duckdb.sql(block.text)
        for line, printed in block.commands():
            words = shlex.split(fewer(line), comments=True)
            if any(re.search(pattern, line) for pattern in ONLY_PARSED):
                check_words(shlex.split(line, comments=True))
                continue
            ended = command(words[1:])
            assert ended.code == 0, f"{where}: {line}\n{ended.err}"
            if printed:
                assert shape(printed) == shape(ended.out), f"{where}: {line}"


def shape(printed: str) -> str:
    """Return what a command printed without numbers, paths and lines that are left out ("…")."""
    return re.sub(r"\s+", " ", re.sub(r"-?[\d.,]+", "0", printed)).strip()


def test_there_is_code_to_run() -> None:
    blocks = [block for page in PAGES for block in blocks_of(page)]
    assert sum(block.language == "python" for block in blocks) > 10
    assert sum(len(list(block.commands())) for block in blocks) > 15
