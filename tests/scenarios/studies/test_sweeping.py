"""Sweeps: all runs are executed, one that fails stops no other, and the same command continues."""

from __future__ import annotations

import csv
import os
import signal
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console
from rich.live import Live

from hubbub.scenarios import run
from hubbub.scenarios.studies import read_study, sweep
from hubbub.scenarios.studies.expanding import expand
from hubbub.scenarios.studies.folder import study_folder
from hubbub.scenarios.studies.making import RunOutcome
from hubbub.scenarios.studies.progress import LiveTable, progress_display
from hubbub.scenarios.studies.table import StudyTable
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.store import open_run
from hubbub.simulator.store.lock import last_writer

SMALL = {
    "topology.n_agents": 3,
    "agent.hidden": 8,
    "agent.embedding": 4,
    "training.games_per_step": 2,
    "training.steps": 6,
    "engine.record_every": 2,
    "engine.checkpoint_every": 2,
}


def words(**more: object) -> list[str]:
    return [f"{path}={value}" for path, value in SMALL.items()] + [
        f"{path.replace('__', '.')}={value}" for path, value in more.items()
    ]


def wait_until(happened: Callable[[], Any]) -> None:
    end = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_sweep_makes_every_run_and_one_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = read_study("group-size", words(training__learning_rate="1e-3,1e30", seed="0..1"))
    made = sweep(study, out=tmp_path / "study", workers=2, display=progress_display)
    assert sorted(made.problems) == ["group-size-1-s0", "group-size-1-s1"]
    assert all("training diverged before step 2" in problem for problem in made.problems.values())
    rows = pq.read_table(tmp_path / "study" / "study.parquet").to_pylist()
    assert rows == made.rows
    assert [(row["training.learning_rate"], row["seed"], row["status"]) for row in rows] == [
        (1e-3, 0, "finished"), (1e-3, 1, "finished"), (1e30, 0, "failed"), (1e30, 1, "failed"),
    ]  # fmt: skip
    first = open_run(tmp_path / "study" / "runs" / "group-size-0-s0")
    assert rows[0]["success_over_links"] == first.metric("success_over_links")[1][-1]
    assert rows[0]["step"] == 6 and rows[0]["seconds"] > 0
    assert "diverged" in rows[2]["problem"] and rows[0]["problem"] == ""
    with (tmp_path / "study" / "study.csv").open() as file:
        assert [row["run"] for row in csv.DictReader(file)] == [row["run"] for row in rows]
    alone = run("group-size", {**SMALL, "training.learning_rate": 1e-3}, seed=0, out=tmp_path / "alone")
    assert alone.metric_rows().to_pandas().equals(first.metric_rows().to_pandas())  # in which NaN equals NaN
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "4 of 4 runs to make"
    assert len(lines) == 5 and lines[-1].startswith("[4/4] group-size-")

    updated = first.info["updated"]
    again = sweep(study, out=tmp_path / "study", workers=1)
    assert sorted(again.problems) == sorted(made.problems)  # those that failed are tried again
    assert open_run(first.path).info["updated"] == updated
    assert again.rows[0] == made.rows[0]
    assert again.rows[2]["seconds"] > made.rows[2]["seconds"]


def test_a_folder_holds_one_study(tmp_path: Path) -> None:
    with study_folder(tmp_path / "study", read_study("group-size", words())):
        pass
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"}
    with pytest.raises(
        StoreError, match=r"another study; study.vary.training.steps: expected \[6\] as there, got \[8\]"
    ):
        sweep(read_study("group-size", words(training__steps=8)), out=tmp_path / "study")
    with pytest.raises(
        StoreError, match="expected an empty folder or that of a study, got study; choose another folder"
    ):
        sweep(read_study("group-size", words()), out=tmp_path)
    with (
        study_folder(tmp_path / "study", read_study("group-size", words())),
        pytest.raises(StoreError, match="in use by"),
    ):
        sweep(read_study("group-size", words()), out=tmp_path / "study")
    with pytest.raises(ConfigurationError, match="workers: expected at least 1, got 0"):
        sweep(read_study("group-size", words()), out=tmp_path / "new", workers=0)
    with pytest.raises(ConfigurationError, match="hidden"):
        sweep(read_study("group-size", words(agent__hiden="4,8")), out=tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"}


def test_a_process_that_is_killed_takes_only_its_run_with_it(tmp_path: Path, forked: Any) -> None:
    path = tmp_path / "study"
    typed = [*words(training__steps="1000000,6", agent__hidden="8,16"), "--mode", "list"]
    sweeping = forked("-m", "hubbub", "sweep", "group-size", *typed, "--workers", 1, "--out", path)
    long = path / "runs" / "group-size-0-s0"
    wait_until(lambda: len(list((long / "lexicon").glob("messages/*"))) > 1)
    writer = last_writer(long)
    assert writer is not None
    os.kill(writer.pid, signal.SIGKILL)
    said, _ = sweeping.communicate(timeout=60)
    assert sweeping.returncode == 1
    assert (
        "1 of 2 runs finished\nfailed: group-size-0-s0: its process was killed, perhaps because memory ran out" in said
    )
    assert open_run(path / "runs" / "group-size-1-s0").status == "finished"

    sweeping = forked("-m", "hubbub", "sweep", "group-size", *typed, "--workers", 1, "--out", path)
    went_on = open_run(long).step
    wait_until(lambda: open_run(long).step > went_on)
    os.kill(sweeping.pid, signal.SIGTERM)
    _, errors = sweeping.communicate(timeout=60)
    assert sweeping.returncode == 1
    assert "stopped; all runs are saved, the same command continues them" in errors
    row = pq.read_table(path / "study.parquet").to_pylist()[0]
    assert (row["status"], row["step"]) == ("stopped", open_run(long).step)


def test_the_screen_shows_what_is_made_and_what_failed(tmp_path: Path) -> None:
    study = read_study("group-size", words(agent__hidden="4,8,16"))
    runs = expand(study)
    table = StudyTable(tmp_path, runs, varying=study.varying)
    written = StringIO()
    with Live(console=Console(file=written, width=100, height=20), auto_refresh=False) as live:
        screen = LiveTable(table, live)
        screen.started({one.name: one.scenario for one in runs})
        run("group-size", {**SMALL, "agent.hidden": 4}, out=table.path(runs[0].name))
        info = tmp_path / "runs" / runs[0].name / "run.json"
        info.write_text(info.read_text().replace('"finished"', '"running"'))
        screen.finished(runs[1].name, RunOutcome("failed", 1.0, "[it] broke"))
        screen.refreshed()
    shown_lines = written.getvalue()
    assert "1 of 3 runs ended · 1 running · 1 failed" in shown_lines
    assert "step 6 of 6" in shown_lines
    assert "[it] broke" in shown_lines
    assert runs[2].name not in shown_lines
