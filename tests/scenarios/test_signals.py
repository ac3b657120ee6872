"""A run, a sweep and a command that are asked to stop: one true line each, and a status that is true."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import hubbub.analysis.report as reporting
from hubbub.scenarios import resume, run
from hubbub.simulator.engine import NoProgress, drive
from hubbub.simulator.errors import RunError, RunStopped
from hubbub.simulator.store import load_checkpoint, open_run

CommandLine = Callable[..., tuple[int, str, str]]
SMALL: dict[str, Any] = {
    "topology.n_agents": 3,
    "agent.hidden": 4,
    "agent.embedding": 4,
    "training.games_per_step": 2,
    "training.steps": 9,
    "engine.record_every": 3,
    "engine.checkpoint_every": 3,
    "recording.referents": 4,
}
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class Sending(NoProgress):
    """Sends signals to this process when a step is recorded."""

    def __init__(self, at: int, *numbers: int) -> None:
        self.at, self.numbers = at, numbers

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        if step == self.at:
            for number in self.numbers:
                os.kill(os.getpid(), number)


@pytest.fixture(autouse=True)
def _hangup_is_heard() -> Iterator[None]:
    """Tests that are started by `nohup` ignore SIGHUP, and so would their runs."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def test_a_run_below_nohup_goes_on_without_its_terminal(tmp_path: Path) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    made = run("group-size", SMALL, out=tmp_path / "run", progress=Sending(3, signal.SIGHUP), raise_if_stopped=True)
    assert made.status == "finished"
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


@pytest.mark.parametrize("number", SIGNALS)
def test_a_script_can_ask_for_an_exception_when_a_signal_stops_its_run(tmp_path: Path, number: int) -> None:
    path = tmp_path / "run"
    with pytest.raises(
        RunStopped, match=rf"stopped by {signal.Signals(number).name} at step 3; `hubbub resume {path}`"
    ):
        run("group-size", SMALL, out=path, progress=Sending(3, number), raise_if_stopped=True)
    assert (open_run(path).status, open_run(path).step) == ("stopped", 3)
    assert resume(path, raise_if_stopped=True).status == "finished"


def test_a_script_without_a_display_gets_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def driven(*given: Any, **named: Any) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        return drive(*given, **named)

    made = run("group-size", SMALL, out=tmp_path / "run", driven_by=driven)
    assert made.status == "stopped"
    [line] = caplog.messages
    assert "stopped by SIGTERM at step 0" in line
    assert run("group-size", SMALL, out=tmp_path / "again").status == "finished"
    assert caplog.messages == [line]


def test_a_second_ctrl_c_says_from_where_a_resume_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt, match=rf"interrupted at step 6; `hubbub resume {path}` goes on from step 3"):
        run("group-size", SMALL, out=path, progress=Sending(6, signal.SIGINT, signal.SIGINT))
    assert (open_run(path).status, open_run(path).step) == ("stopped", load_checkpoint(path).step) == ("stopped", 3)
    whole = run("group-size", SMALL, out=tmp_path / "whole")
    assert resume(path).metric_rows().to_pandas().equals(whole.metric_rows().to_pandas())  # in which NaN equals NaN


@pytest.mark.parametrize("number", SIGNALS)
def test_a_command_that_is_interrupted_ends_with_one_line(
    tmp_path: Path, hubbub: CommandLine, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(reporting, "write_report", lambda *given, **named: os.kill(os.getpid(), number))
    before = [signal.getsignal(number) for number in SIGNALS]
    code, said, complained = hubbub("report", tmp_path)
    assert (code, said) == (1, "")
    said = "interrupted" if number == signal.SIGINT else f"stopped by {signal.Signals(number).name}"
    assert complained.count("\n") == 1 and complained.startswith(f"hubbub: {said}")
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_ctrl_c_early_in_a_sweep_is_one_line_too(tmp_path: Path, forked: Any) -> None:
    words = [f"{name}={value}" for name, value in {**SMALL, "training.steps": 100000}.items()]
    sweeping = forked("-m", "hubbub", "sweep", "group-size", *words, "seed=0..5", "--out", tmp_path / "study")
    assert sweeping.stderr.readline() == "6 of 6 runs to make\n"
    time.sleep(0.3)  # its processes begin, and import torch
    os.killpg(sweeping.pid, signal.SIGINT)  # to all of its processes, as that of a terminal
    *runs, last = sweeping.communicate(timeout=60)[1].splitlines()
    assert sweeping.returncode == 1
    assert last == "hubbub: stopped; all runs are saved, the same command continues them"
    assert all(": stopped" in line for line in runs)


def test_a_module_that_ends_the_process_is_said(tmp_path: Path, hubbub: CommandLine) -> None:
    module = tmp_path / "leaving.py"
    module.write_text("raise SystemExit(3)\n")
    code, _, complained = hubbub("run", "group-size", f"modules=[{module}]", "--out", tmp_path / "run")
    assert (code, complained) == (2, f"hubbub: {module} could not be loaded: SystemExit: 3\n")
    module.write_text("raise KeyboardInterrupt('here')\n")
    code, _, complained = hubbub("run", "group-size", f"modules=[{module}]", "--out", tmp_path / "run")
    assert (code, complained) == (1, f"hubbub: {module} could not be loaded: here\n")
    module.write_text("from hubbub import topology\n@topology('leaving')\ndef leaving(n_agents: int):\n    exit(4)\n")
    code, _, complained = hubbub(
        *("run", "group-size", f"modules=[{module}]", "topology.kind=leaving", "topology.n_agents=3"),
        *("--out", tmp_path / "run"),
    )
    assert (code, complained.splitlines()[-1]) == (1, f"hubbub: SystemExit(4) was raised at {module}:4")
    assert not (tmp_path / "run").exists()


def test_a_run_that_a_system_ends_by_leaving_has_failed(tmp_path: Path) -> None:
    class Leaving(NoProgress):
        def recorded(self, step: int, metrics: dict[str, float]) -> None:
            raise SystemExit

    with pytest.raises(RunError, match=r"SystemExit\(None\) was raised at .*test_signals.py"):
        run("group-size", SMALL, out=tmp_path / "run", progress=Leaving())
    assert open_run(tmp_path / "run").status == "failed"


def test_runs_of_one_name_and_seed_in_one_second_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hubbub.scenarios.running as running

    class Noon(running.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Noon:
            return cls(2026, 1, 1, 12)

    monkeypatch.setattr(running, "datetime", Noon)
    monkeypatch.chdir(tmp_path)
    inner: list[str] = []

    class Beginning(NoProgress):
        def recorded(self, step: int, metrics: dict[str, float]) -> None:
            if step == 0:
                inner.append(run("group-size", SMALL).path.name)

    outer = run("group-size", SMALL, progress=Beginning())
    assert [outer.path.name, *inner] == ["group-size-s0-20260101-120000", "group-size-s0-20260101-120000-2"]
    with pytest.raises(RunError):
        run("group-size", {**SMALL, "training.learning_rate": 1e30})
    before = sorted(path.name for path in Path("runs").iterdir())
    with pytest.raises(Exception, match="engine"):
        run("group-size", {**SMALL, "engine.threads": 0})
    assert sorted(path.name for path in Path("runs").iterdir()) == before
