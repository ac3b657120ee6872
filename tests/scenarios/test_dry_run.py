"""What a run or a study would take, and commands that print little."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

import hubbub
from hubbub.analysis.studies import StudyResult
from hubbub.scenarios import probing
from hubbub.scenarios.studies.study import read_study
from hubbub.simulator.engine import Observation, Schedule
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.store import open_run

CommandLine = Callable[..., Any]

SMALL = {
    "agent.hidden": 8,
    "agent.embedding": 4,
    "topology.n_agents": 3,
    "training.games_per_step": 4,
    "training.steps": 13,
    "engine.record_every": 4,
    "engine.checkpoint_every": 5,
}
WORDS = [f"{name}={value}" for name, value in SMALL.items()]


@pytest.fixture(autouse=True)
def _short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure one step; work in an empty folder."""
    monkeypatch.setattr(probing, "MEASURED_S", 1e-9)
    monkeypatch.chdir(tmp_path)


def bytes_of(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("scenario", "settings"),
    [
        ("group-size", {**SMALL, "recording.lexicon_every": 8}),
        ("hopfield-graphs", {"dynamics.steps": 9, "engine.record_every": 4, "engine.checkpoint_every": 8}),
    ],
)
def test_an_estimate_is_what_the_run_then_has(scenario: str, settings: Mapping[str, Any], tmp_path: Path) -> None:
    estimate = hubbub.dry_run(scenario, settings, seed=3)
    assert not list(tmp_path.iterdir())
    made = hubbub.run(scenario, settings, seed=3, out="run")
    counts = estimate.counts
    assert counts["records"] == len(made.metrics()["step"].unique())
    assert counts["kept"] == len(list((made.path / "checkpoints").glob("step-*"))) == 2
    if scenario == "group-size":
        assert counts["snapshots"] == len(made.lexicon_steps()) == 3
        assert counts["checkpoints"] == 4  # at 0, 5, 10 and 13
        assert estimate.sizes == {"agents": 3, "links": 3}
    assert estimate.scenario.model_dump(mode="json") == made.configuration
    assert sum(estimate.bytes.values()) == pytest.approx(bytes_of(made.path), rel=0.5)
    assert estimate.seconds > 0
    assert estimate.probe.memory > 2**20


def test_the_command_says_it_in_words_and_as_json_and_writes_nothing(tmp_path: Path, hubbub: CommandLine) -> None:
    done = hubbub("run", "group-size", *WORDS, "--dry-run", "--out", "mine")
    assert done.err == ""
    first, *others = done.out.splitlines()
    assert first == "would run: group-size (system population, fused kernel), seed 0, 13 steps, 3 agents, 3 links"
    assert [line.partition(":")[0] for line in others] == [
        *("folder", "records", "time", "memory", "disk"),
        "nothing was written",
    ]
    said = json.loads(hubbub("run", "group-size", *WORDS, "--dry-run", "--json").out)
    assert (said["steps"], said["agents"], said["records"]) == (13, 3, 5)
    assert not list(tmp_path.iterdir())


def test_what_a_run_would_refuse_is_refused(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="already in use"):
        hubbub.dry_run("group-size", SMALL, out="used")
    with pytest.raises(ConfigurationError, match="did you mean 'steps'"):
        hubbub.dry_run("group-size", {"training.step": 3})
    with pytest.raises(ConfigurationError, match="workers: expected 0"):
        hubbub.dry_run("group-size", SMALL, workers=-1)
    with pytest.raises(ConfigurationError, match="retrieved"):
        hubbub.dry_sweep("group-size", {**SMALL, "metrics": [["retrieved"]]})


class Slow:
    """A system that moves a clock of its own: compilers take 7 s of its first step and 2 s of its first snapshot."""

    stride = 1

    def __init__(self) -> None:
        self.now, self.clock, self.looks = 0, 100.0, 0

    def step(self, n: int) -> dict[str, Any]:
        self.clock += 3 * n + (7 if self.now == 0 else 0)
        self.now += n
        return {}

    def observe(self, *, closely: bool) -> Observation:
        self.clock += (5 if closely else 1) + (2 if self.looks == 0 else 0)
        self.looks += 1
        return Observation(self.now)

    def state(self) -> Any:
        self.clock += 4
        return SimpleNamespace(tensors={}, values={})


def test_what_the_first_step_and_snapshot_take_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    system, probe = Slow(), probing.Probe()
    monkeypatch.setattr(probing, "time", SimpleNamespace(perf_counter=lambda: system.clock))
    began = system.clock
    told = {"measure": lambda seen: [], "progress": Mock(), "stop": Mock(requested=False)}
    assert probe(system, Mock(), until=9, schedule=Schedule(1, 1, 1), **told)  # type: ignore[arg-type]
    assert (probe.step_s, probe.record_s, probe.snapshot_s, probe.checkpoint_s) == (3, 1, 5, 4)
    assert system.clock - began - probe.counted_s == 7 + 2  # of all that was made only the compilers are left


def test_a_signal_ends_it_and_nothing_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    timed = probing.Probe._timed

    def stopping(self: probing.Probe, call: Callable[[], Any]) -> float:
        signal.raise_signal(signal.SIGTERM)
        return timed(self, call)

    monkeypatch.setattr(probing.Probe, "_timed", stopping)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(KeyboardInterrupt, match="nothing was written"):
        hubbub.dry_run("group-size", SMALL)
    assert not list(tmp_path.iterdir())


def test_a_study_is_judged_by_its_largest_run_and_by_what_is_left(tmp_path: Path, hubbub: CommandLine) -> None:
    words = ["group-size", "topology.n_agents=3,2", "seed=0..1", *(word for word in WORDS if "n_agents" not in word)]
    done = hubbub("sweep", *words, "--dry-run")
    assert f"would make: 4 of 4 runs in {tmp_path / 'studies/group-size'}\n" in done.out
    assert "the largest: group-size (system population, fused kernel), seed 0, 13 steps, 3 agents" in done.out
    assert not list(tmp_path.iterdir())
    said = json.loads(hubbub("sweep", *words, "--dry-run", "--workers", "1", "--json").out)
    assert said["seconds"] == pytest.approx(said["largest"]["seconds"] * 2 * (3 + 2) / 3, abs=0.3)


def test_runs_that_are_finished_are_not_counted_and_another_study_is_refused(tmp_path: Path) -> None:
    vary = {**SMALL, "topology.n_agents": [3, 2], "seed": [0, 1]}
    hubbub.run("group-size", {**SMALL, "seed": 1}, out="study/runs/group-size-0-s1")
    (tmp_path / "study" / "study.json").write_text(json.dumps({"study": study_of(vary)}))
    found = hubbub.dry_sweep("group-size", vary, out="study")
    assert [run.name for run in found.todo] == ["group-size-0-s0", "group-size-1-s0", "group-size-1-s1"]
    with pytest.raises(StoreError, match="holds another study"):
        hubbub.dry_sweep("group-size", {**vary, "agent.hidden": 9}, out="study")


def study_of(vary: Mapping[str, Any]) -> Any:
    return json.loads(read_study("group-size", vary).model_dump_json())


def test_an_adaptive_study_counts_its_trials() -> None:
    pytest.importorskip("optuna")
    vary = {**SMALL, "topology.n_agents": {"low": 2, "high": 3}, "seed": [0, 1]}
    found = hubbub.dry_sweep(
        "group-size", {**vary, "optuna.maximize": "success_over_links", "optuna.trials": 5}, mode="optuna"
    )
    assert (found.n_runs, found.n_todo, found.largest and found.largest.sizes["agents"]) == (10, 10, 3)


def test_quiet_commands_print_the_path_of_what_was_written(
    tmp_path: Path, hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run"
    done = hubbub("run", "group-size", *WORDS, "--quiet", "--out", path)
    assert (done.out, done.err) == (f"{path}\n", "")
    done = hubbub("resume", path, "training.steps=14", "-q")
    assert (done.out, done.err, open_run(path).step) == (f"{path}\n", "", 14)

    def report(run: Path, *, notify: Callable[[str], None], **given: Any) -> Path:
        notify("a note")
        return run / "report.html"

    monkeypatch.setattr("hubbub.analysis.report.write_report", report)
    assert hubbub("report", path) == (0, f"report: {path / 'report.html'}\n", "note: a note\n")
    assert hubbub("report", path, "-q") == (0, f"{path / 'report.html'}\n", "")
    study = StudyResult(tmp_path, [{}, {}], {"group-size-0-s0": "diverged"})
    monkeypatch.setattr("hubbub.scenarios.studies.sweep", lambda *given, **named: study)
    assert hubbub("sweep", "group-size", "-q") == (1, f"{tmp_path}\n", "failed: group-size-0-s0: diverged\n")


def test_a_quiet_reproduction_prints_its_folder(
    tmp_path: Path, hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reproduce(name: str, *, say: Callable[[str], None], **given: Any) -> Any:
        say("progress")
        return None, [tmp_path / "claims.json"]

    monkeypatch.setattr("hubbub.scenarios.reproducing.reproduce", reproduce)
    assert hubbub("reproduce", "group-size", "-q") == (0, f"{tmp_path}\n", "")
