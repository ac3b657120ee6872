"""Every command that is interrupted, or that cannot read a file, ends with one true line and leaves whole files."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import click
import pytest
import typer

from hubbub.analysis import files
from hubbub.scenarios.commands.app import app
from hubbub.simulator.store.files import write_synced

CommandLine = Callable[..., tuple[int, str, str]]

DOES: dict[tuple[str, ...], str] = {
    ("run", "karate"): "scenarios.run",
    ("run", "karate", "--dry-run"): "scenarios.dry_run.dry_run",
    ("resume", "mine"): "scenarios.resume",
    ("sweep", "karate"): "scenarios.studies.sweep",
    ("sweep", "karate", "--dry-run"): "scenarios.studies.dry_sweep.dry_sweep",
    ("reproduce", "group-size"): "scenarios.reproducing.reproduce",
    ("status",): "scenarios.watching.status_table.statuses",
    ("watch", "mine"): "scenarios.watching.following.watch",
    ("dashboard",): "scenarios.watching.dashboard.serving.serve",
    ("report", "mine"): "analysis.report.write_report",
    ("export", "mine", "--format", "csv"): "analysis.export.export_run",
    ("export", "mine", "--format", "elcc", "--messages", "9"): "scenarios.speaking.export_spoken",
    ("verify", "mine"): "simulator.store.verify",
    ("scenarios",): "scenarios.library.descriptions",
    ("init",): "scenarios.template.write_template",
    ("topology", "ring", "n_agents=4"): "scenarios.graphs.examine_topology",
    ("schema",): "scenarios.kept_schema.kept_schema",
    ("doctor",): "scenarios.doctor.examine",
    ("measure", "corpus", "mine"): "scenarios.measuring.measure_corpus_file",
    ("measure", "record", "mine"): "scenarios.measuring.measure_record_file",
}
"""Words of every command, and the function that does its work."""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def commands(group: Any, *before: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command of a group."""
    for name, command in group.commands.items():
        inside = isinstance(command, click.Group) or hasattr(command, "commands")
        yield from commands(command, *before, name) if inside else [(*before, name)]


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def call(*given: Any, **named: Any) -> NoReturn:
        raise error

    return call


def test_every_command_is_here() -> None:
    known = list(commands(typer.main.get_command(app)))
    assert [words for words in known if not any(given[: len(words)] == words for given in DOES)] == []


@pytest.mark.parametrize("words", DOES, ids=" ".join)
def test_ctrl_c_ends_a_command_with_one_line(
    words: tuple[str, ...], tmp_path: Path, hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"hubbub.{DOES[words]}", raising(KeyboardInterrupt()))
    assert hubbub(*words) == (1, "", "hubbub: interrupted; every file that was written is whole\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", DOES, ids=" ".join)
def test_a_file_that_cannot_be_read_is_named(
    words: tuple[str, ...], hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"hubbub.{DOES[words]}", raising(OSError(errno.EIO, "Input/output error", "/media/a file")))
    assert hubbub(*words) == (2, "", "hubbub: cannot read /media/a file: Input/output error\n")


def test_a_reading_error_of_a_library_keeps_its_words(hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hubbub.simulator.store.verify", raising(OSError("Error reading bytes from a.parquet")))
    assert hubbub("verify", "mine") == (2, "", "hubbub: cannot read: Error reading bytes from a.parquet\n")


WRITING: dict[tuple[str, ...], int] = {
    ("init", "karate"): 1,
    ("topology", "ring", "n_agents=4", "--draw", "ring.svg"): 1,
    ("measure", "corpus", "talk.csv", "--out", "measured"): 2,
    ("reproduce", "contact", "--from", "kept", "--out", "again"): 2,
}
"""Words of commands that write, and the file at which each is interrupted."""


@pytest.mark.parametrize("words", WRITING, ids=lambda words: words[0])
def test_a_command_that_is_interrupted_while_it_writes_leaves_whole_files(
    words: tuple[str, ...], tmp_path: Path, hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{a},{b},{a}{b}" for a in "xyz" for b in "xyz"]
    (tmp_path / "talk.csv").write_text("\n".join(["message,shape,referent", *lines * 2]))
    kept = Path(__file__).parents[2] / "docs" / "results" / "contact-small"
    (tmp_path / "kept").mkdir()
    for name in ("claims.json", "measurements.csv"):
        (tmp_path / "kept" / name).write_bytes((kept / name).read_bytes())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    written: list[Path] = []

    def half(path: Path, content: bytes) -> None:
        written.append(path)
        if len(written) == WRITING[words]:
            write_synced(path, content[: len(content) // 2])
            raise KeyboardInterrupt
        write_synced(path, content)

    monkeypatch.setattr(files, "write_synced", half)
    code, _, complained = hubbub(*words)
    assert (code, complained.splitlines()[-1]) == (1, "hubbub: interrupted; every file that was written is whole")
    assert len(written) == WRITING[words]
    there = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(there - before.keys()) == WRITING[words] - 1
    assert not [path for path in there if path.suffix == ".tmp"]
    assert {path: path.read_bytes() for path in before} == before
