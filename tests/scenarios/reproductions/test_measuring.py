"""Runs are measured once, in other processes, and go on where that stopped."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios import run
from hubbub.scenarios.reproductions import RunSet
from hubbub.simulator.errors import RunError
from hubbub.simulator.store import Run

MODULE = """
import math, os
def seed_and_noise(run):
    with open({log!r}, "a") as log:
        log.write(run.path.name + " ")
    noise = run.configuration["copies"]["noise"]
    return [{{"seed": run.info["seed"], "noise": value, "h": math.nan}} for value in noise]
def killed(run):
    os._exit(1)
"""


@pytest.fixture
def by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "measuring_by.py").write_text(MODULE.format(log=str(tmp_path / "log")))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    return importlib.import_module("measuring_by")


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    few = {"copies.noise": [0.1, 0.2], "copies.load": [2], "patterns.n_spins": 20, "dynamics.steps": 2}
    return [run("sedam-random-patterns", few, seed=seed, out=tmp_path / "runs" / f"s{seed}") for seed in (4, 2)]


def test_runs_are_measured_once_and_what_was_measured_is_kept(tmp_path: Path, by: Any, runs: list[Run]) -> None:
    said: list[str] = []
    run_set = RunSet(tmp_path, workers=1, say=said.append)
    [[row, _]] = run_set.measured(runs[1:], by.seed_and_noise)
    assert (row["seed"], row["noise"]) == (2, 0.1) and row["h"] != row["h"]
    rows = run_set.measured(runs, by.seed_and_noise)
    assert [[row["seed"] for row in of_run] for of_run in rows] == [[4, 4], [2, 2]]
    assert (tmp_path / "log").read_text() == "s2 s4 "
    assert said[-1] == "[1/1] s4: measured"
    assert (runs[0].path / "measured" / "seed_and_noise.parquet").exists()


def test_a_process_that_is_killed_is_told_and_nothing_is_kept_of_it(tmp_path: Path, by: Any, runs: list[Run]) -> None:
    run_set = RunSet(tmp_path, workers=1, say=lambda line: None)
    with pytest.raises(RunError, match="was killed"):
        run_set.measured(runs, by.killed)
    assert not (runs[0].path / "measured").exists()
