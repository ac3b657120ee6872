"""What `hubbub status` says of runs and studies, whatever state they are in."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios.watching.finding import find
from hubbub.scenarios.watching.run_status import RunStatuses, run_status
from hubbub.scenarios.watching.study_status import study_status
from hubbub.simulator.store import RunWriter
from hubbub.simulator.store.process import Process

Begin = Callable[..., RunWriter]
HOUR = 3600.0


def strict(text: str) -> Any:
    """Return what JSON says; NaN and infinity are not JSON."""
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_a_run_that_is_running(tmp_path: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    path = begin(tmp_path / "run", steps=40).path
    began = run_status(path).written
    os.utime(path / "manifest.jsonl", (began + 400, began + 400))  # as if the 40 steps had taken 400 s
    monkeypatch.setattr("hubbub.scenarios.watching.run_status.time.time", lambda: began + 405)
    seen = run_status(path)
    assert (seen.state, seen.step, seen.steps, seen.warnings) == ("running", 40, 100, ())
    assert seen.speed == pytest.approx(40 / 400, rel=0.05)
    assert seen.left_s == pytest.approx(600 - 5, rel=0.05)
    assert seen.metrics == {"success_over_links": 0.4, "loss": 1.6}
    assert seen.process == Process.current()


def test_a_run_that_has_stalled(tmp_path: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    path = begin(tmp_path / "run", steps=40).path
    later = run_status(path).written + HOUR
    monkeypatch.setattr("hubbub.scenarios.watching.run_status.time.time", lambda: later)
    assert run_status(path).state == "running"
    assert run_status(path).warnings == ("stalled: nothing was recorded for 1 h",)


def test_a_run_whose_process_has_gone(tmp_path: Path, begin: Begin) -> None:
    path = begin(tmp_path / "run").path
    gone = replace(Process.current(), started=0.0)
    (path / ".lock").write_bytes(gone.encode())
    seen = run_status(path)
    assert (seen.state, math.isnan(seen.left_s)) == ("stopped", True)
    assert seen.warnings[0].startswith(f"its process {os.getpid()} has ended without a word; `hubbub resume {path}`")


def test_a_run_that_ended_in_each_way(tmp_path: Path, begin: Begin) -> None:
    writer = begin(tmp_path / "run")
    writer.set_status("failed", step=30, problem="the loss is not finite at step 30")
    assert (run_status(writer.path).state, run_status(writer.path).problem) == (
        "failed",
        "the loss is not finite at step 30",
    )
    for state in ("stopped", "finished"):
        writer.set_status(state, step=30)
        assert (run_status(writer.path).state, run_status(writer.path).problem) == (state, "")


def test_a_metric_that_was_finite_and_is_not_any_more(tmp_path: Path, begin: Begin) -> None:
    writer = begin(tmp_path / "run")
    writer.append_rows("metrics", 40, [{"name": "loss", "value": math.nan}, {"name": "new", "value": math.nan}])
    writer.flush()
    assert run_status(writer.path).warnings == ("diverged: loss is nan",)


def test_what_has_ended_is_read_once_until_it_changes(
    tmp_path: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, known = begin(tmp_path / "run"), RunStatuses()
    writer.set_status("failed", step=30)
    first = known.of(writer.path)
    monkeypatch.setattr("hubbub.scenarios.watching.run_status.open_run", lambda path: pytest.fail("read again"))
    assert known.of(writer.path) is first
    monkeypatch.undo()
    writer.set_status("finished", step=30)
    assert known.of(writer.path).state == "finished"


def damaged(kind: str, path: Path) -> None:
    if kind == "part":
        part = next((path / "metrics").glob("*.parquet"))
        part.write_bytes(part.read_bytes()[:-1] + b"x")
    elif kind == "steps":
        info = json.loads((path / "run.json").read_text())
        (path / "run.json").write_text(
            json.dumps({**info, "steps": {"from": "x", "to": [], "reached": [1, ["a", 2], [3, "b"]]}})
        )
    elif kind == "link":
        (path / "run.json").unlink()
        (path / "run.json").symlink_to("/etc/passwd")
    else:
        name, content = {
            "half": ("run.json", b'{"schema_version": 3,'),
            "binary": ("run.json", b"\xff\xfe\x00"),
            "older": ("run.json", b'{"schema_version": 2}'),
            "manifest": ("manifest.jsonl", b"nonsense\n"),
        }[kind]
        (path / name).write_bytes(content)


@pytest.mark.parametrize("kind", ["half", "binary", "older", "manifest", "part", "link"])
def test_what_cannot_be_read_is_listed_as_such(tmp_path: Path, begin: Begin, hubbub: Callable, kind: str) -> None:
    begin(tmp_path / "good").close()
    path = begin(tmp_path / "bad").path
    damaged(kind, path)
    ended = hubbub("status", tmp_path, "--json")
    runs = {Path(run["path"]).name: run for run in strict(ended.out)["runs"]}
    assert ended.code == 0
    assert (runs["bad"]["state"], runs["good"]["state"]) == ("unreadable", "stopped")
    assert runs["bad"]["problem"]
    ended = hubbub("status", tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert "unreadable" in ended.out


def test_nonsense_about_steps_is_not_believed(tmp_path: Path, begin: Begin) -> None:
    path = begin(tmp_path / "run").path
    damaged("steps", path)
    seen = run_status(path)
    assert (seen.step, seen.steps, math.isnan(seen.speed)) == (30, None, True)


def test_nothing_is_written(tmp_path: Path, begin: Begin, hubbub: Callable) -> None:
    begin(tmp_path / "runs" / "one")
    (tmp_path / "runs" / "half").mkdir()
    (tmp_path / "runs" / "half" / ".lock").touch()

    def tree() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("*"))}

    before = tree()
    assert hubbub("status", tmp_path / "runs").out.count("unreadable") == 1
    hubbub("status", tmp_path / "runs", "--json")
    assert tree() == before


def test_names_and_words_of_a_run_stay_text(tmp_path: Path, begin: Begin, hubbub: Callable) -> None:
    writer = begin(tmp_path / "[bold]run[/bold]", name="[red]x")
    writer.append_rows("metrics", 40, [{"name": "\x1b[31mred\n[/]", "value": 1.0}])
    writer.set_status("failed", step=40, problem="[link=http://x]\x1b]0;title\x07 and more")
    writer.flush()
    out = hubbub("status", tmp_path).out
    assert "[bold]run[/bold]" in out
    assert "[link=http://x] ]0;title" in out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_folders_are_searched_and_runs_of_a_study_belong_to_it(
    tmp_path: Path, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path / "runs" / "deep" / "er" / "one")
    begin(tmp_path / "studies" / "s" / "runs" / "two")
    (tmp_path / "studies" / "s" / "study.json").write_text("{}")
    (tmp_path / "runs" / "again").symlink_to(tmp_path / "runs" / "deep")
    (tmp_path / "runs" / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    found = find()
    assert [path.name for path in found.runs] == ["one"]
    assert [path.name for path in found.studies] == ["s"]


def test_no_runs_are_no_error_and_no_folder_is_one(
    tmp_path: Path, hubbub: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert hubbub("status") == (0, "no runs in the folders runs and studies\n", "")
    assert strict(hubbub("status", "--json").out) == {"runs": [], "studies": []}
    ended = hubbub("status", tmp_path / "nowhere")
    assert ended.code == 2
    assert "nowhere: expected a run, a study or a folder with some, got no folder" in ended.err


def test_a_study_counts_its_runs_and_estimates_what_is_left(
    tmp_path: Path, begin: Begin, make_study: Callable, hubbub: Callable
) -> None:
    path = make_study(tmp_path / "study", {"a": "", "b": "", "c": "", "d": "its process was killed"})
    writer = begin(path / "runs" / "a", steps=40, of=40)
    writer.set_status("finished", step=40)
    running = begin(path / "runs" / "b", steps=20, of=40).path
    began = run_status(running).written
    os.utime(running / "manifest.jsonl", (began + 1000, began + 1000))
    seen = study_status(path)
    assert (seen.name, seen.state, seen.n_runs) == ("mine", "running", 4)
    assert seen.counts == {"finished": 1, "running": 1, "failed": 1, "waiting": 1}
    assert seen.left_s == pytest.approx((20 + 40) / (20 / 1000), rel=0.05)
    told = strict(hubbub("status", path, "--json").out)["studies"][0]
    assert [run["state"] for run in told["runs"]] == ["finished", "running", "failed"]
    out = hubbub("status", path).out
    assert "4 runs" in out
    assert "1 running, 1 finished, 1 failed, 1 waiting" in out
    assert "its process was killed" in out


@pytest.mark.parametrize(
    ("rows", "state"),
    [({"a": ""}, "finished"), ({"a": "", "b": "why"}, "failed"), ({"a": "", "b": ""}, "stopped")],
)
def test_a_study_that_has_ended(
    tmp_path: Path, begin: Begin, make_study: Callable, rows: dict[str, str], state: str
) -> None:
    path = make_study(tmp_path / "study", rows)
    begin(path / "runs" / "a").set_status("finished", step=30)
    assert study_status(path).state == state


@pytest.mark.parametrize("content", [None, b"", b"PAR1 no table"])
def test_a_study_without_a_table_that_can_be_read(
    tmp_path: Path, make_study: Callable, content: bytes | None, hubbub: Callable
) -> None:
    path = make_study(tmp_path / "study", {"../../elsewhere": ""})
    assert "refused" in study_status(path).problem
    (path / "study.parquet").unlink()
    if content is not None:
        (path / "study.parquet").write_bytes(content)
    assert study_status(path).state == "unreadable"
    assert hubbub("status", path).code == 0
