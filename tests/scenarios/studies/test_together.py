"""Runs side by side: each leaves the directory that it would leave alone."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from hubbub.scenarios.loading import load
from hubbub.scenarios.studies.making import RunJob, RunOutcome, make
from hubbub.simulator.store import open_run

COMMON: dict[str, Any] = {
    "topology.n_agents": 4,
    "agent.hidden": 16,
    "agent.embedding": 8,
    "training.games_per_step": 4,
    "training.steps": 12,
    "engine.record_every": 4,
    "engine.checkpoint_every": 4,
}
REWIRED = {"rewiring": [{"every": 3, "rule": {"kind": "prefer-understood", "probability": 0.5}}]}
DIFFERENT: list[dict[str, Any]] = [
    {},
    {"topology.n_agents": 3, "training.learning_rate": 1e-3, "training.steps": 7, "engine.record_every": 3},
    {"training.learning_rate": 1e30},
    {"topology": {"kind": "ring", "n_agents": 6}, "training.pairing": "edge", "turnover": {"every": 5}, **REWIRED},
]


def works(folder: Path, *settings: dict[str, Any]) -> list[RunJob]:
    scenarios = [load("group-size", {**COMMON, **one, "seed": seed}) for seed, one in enumerate(settings)]
    return [RunJob(one.model_dump(mode="json"), folder / str(seed)) for seed, one in enumerate(scenarios)]


def contents(run: Path) -> dict[str, bytes]:
    """Return the files of a run, without the times that are in `run.json`."""
    files = {str(path.relative_to(run)): path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file()}
    del files[".lock"]
    info = {
        name: value
        for name, value in json.loads(files["run.json"]).items()
        if name not in ("created", "updated", "sha256")
    }
    info["steps"] = {name: value for name, value in info["steps"].items() if name in ("from", "to")}
    return files | {"run.json": json.dumps(info).encode()}


def test_runs_side_by_side_leave_what_they_leave_alone(tmp_path: Path) -> None:
    together = make(works(tmp_path / "together", *DIFFERENT))
    alone = [make([work])[0] for work in works(tmp_path / "alone", *DIFFERENT)]
    assert [(one.status, one.problem) for one in together] == [(one.status, one.problem) for one in alone]
    assert [one.status for one in together] == ["finished", "finished", "failed", "finished"]
    for number in range(len(DIFFERENT)):
        assert contents(tmp_path / "together" / str(number)) == contents(tmp_path / "alone" / str(number))


def test_runs_that_go_on_from_different_steps_catch_up(tmp_path: Path) -> None:
    short = works(tmp_path / "parts", {"training.steps": 4}, {"training.steps": 8})
    for work in short:
        make([work])
        info = json.loads((work.path / "run.json").read_text())
        info["configuration"]["training"]["steps"] = 12  # as if the longer run had been stopped there
        (work.path / "run.json").write_text(json.dumps(info))
    for ending in make(works(tmp_path / "parts", {}, {})):
        assert (ending.status, ending.problem) == ("finished", "")
    for work in works(tmp_path / "whole", {}, {}):
        make([work])
        parts = open_run(tmp_path / "parts" / work.path.name)
        assert parts.metric_rows().to_pandas().equals(open_run(work.path).metric_rows().to_pandas())


def test_all_stop_at_a_checkpoint_and_each_can_go_on_alone(tmp_path: Path) -> None:
    endless = works(tmp_path, {"training.steps": 1_000_000}, {"training.steps": 1_000_000, "topology.n_agents": 2})

    def stop() -> None:
        while len(list(endless[1].path.glob("lexicon/messages/*"))) < 2:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop, daemon=True).start()
    assert [ending.status for ending in make(endless)] == ["stopped", "stopped"]
    for work in endless:
        assert open_run(work.path).status == "stopped"
        assert open_run(work.path).step > 0


def test_an_error_in_a_common_step_ends_all_and_waits_for_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hubbub.simulator.population.stack import Stack

    def breaks(*arguments: Any) -> Any:
        raise MemoryError("no more")

    monkeypatch.setattr(Stack, "play", breaks)
    for ending in make(works(tmp_path, {}, {})):
        assert ending.status == "failed"
        assert ending.problem.endswith("is not enough: no more; choose smaller sizes")


def test_a_run_that_cannot_begin_keeps_nobody_waiting(tmp_path: Path) -> None:
    begins, taken = works(tmp_path, {}, {})
    taken.path.mkdir()
    (taken.path / "something").write_text("else")
    endings: list[RunOutcome] = []
    making = threading.Thread(target=lambda: endings.extend(make([begins, taken])), daemon=True)
    making.start()
    making.join(timeout=60)
    assert [ending.status for ending in endings] == ["finished", "failed"]
    assert "not empty" in endings[1].problem
