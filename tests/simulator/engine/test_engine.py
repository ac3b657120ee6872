"""The loop around a system: what it writes and when, how it stops, how it goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from hubbub.simulator.engine import NoProgress, Observation, Records, Schedule, State, StopSignal, drive, is_scalar
from hubbub.simulator.store import RunWriter, load_checkpoint, open_run


class Counter:
    """A system that counts."""

    def __init__(self, stride: int = 1, at_step: Callable[[int], None] | None = None) -> None:
        self.stride, self.now, self.total = stride, 0, torch.zeros(1)
        self.at_step = at_step

    @property
    def work(self) -> tuple[str, int]:
        return "steps", self.now

    def step(self, n: int) -> Records:
        assert n <= self.stride
        fourths = []
        for _ in range(n):
            self.now += 1
            self.total += self.now
            if self.now % 4 == 0:
                fourths.append(self.now)
            if self.at_step:
                self.at_step(self.now)
        return {"events": {"step": fourths, "kind": ["fourth"] * len(fourths)}}

    def observe(self, *, closely: bool) -> Observation:
        return Observation(self.now, [{"name": "total", "value": float(self.total)}])

    def state(self) -> State:
        return State({"total": self.total}, {"now": self.now})

    def load(self, state: State) -> None:
        self.total, self.now = state.tensors["total"].clone(), state.values["now"]


def writer(path: Path) -> RunWriter:
    return RunWriter.create(path, name="count", seed=0, configuration={}, versions={})


def go(system: Counter, out: RunWriter, until: int, stop: StopSignal | None = None) -> bool:
    schedule = Schedule(record_every=3, checkpoint_every=5, snapshot_every=3)
    return drive(
        system,
        out,
        until=until,
        schedule=schedule,
        measure=lambda seen: [{"name": "step_again", "value": float(seen.step)}],
        progress=NoProgress(),
        stop=stop or StopSignal(),
    )


@pytest.mark.parametrize("stride", [1, 2, 100])
def test_records_and_events_come_at_their_steps_and_at_the_end(tmp_path: Path, stride: int) -> None:
    with writer(tmp_path / "run") as out:
        assert go(Counter(stride), out, until=10)
    run = open_run(tmp_path / "run")
    steps, values = run.metric("total")
    assert steps.tolist() == [0, 3, 6, 9, 10]
    assert values.tolist() == [0, 6, 21, 45, 55]
    assert run.metric("step_again")[1].tolist() == steps.tolist()
    assert run.events()["step"].to_pylist() == [4, 8]
    assert load_checkpoint(tmp_path / "run").step == 10


def test_stopping_and_going_on_leaves_the_rows_of_a_run_in_one(tmp_path: Path) -> None:
    with writer(tmp_path / "whole") as out:
        go(Counter(), out, until=14)
    stop = StopSignal()

    def ask(step: int) -> None:
        stop.requested = step >= 7

    with writer(tmp_path / "parts") as out:
        assert not go(Counter(at_step=ask), out, until=14, stop=stop)
    assert open_run(tmp_path / "parts").metric("total")[0].tolist() == [0, 3, 6, 7]
    rest = Counter()
    with RunWriter.reopen(tmp_path / "parts") as out:
        checkpoint = load_checkpoint(tmp_path / "parts")
        assert checkpoint.step == 7
        rest.load(State(checkpoint.tensors, checkpoint.state))
        out.rewind(7, metrics=lambda step: step % 3 == 0, snapshots=lambda step: step % 3 == 0)
        assert go(rest, out, until=14)
    whole, parts = open_run(tmp_path / "whole"), open_run(tmp_path / "parts")
    assert parts.metric_rows().equals(whole.metric_rows())
    assert parts.events().equals(whole.events())


def test_a_stop_that_is_asked_for_during_a_record_still_saves(tmp_path: Path) -> None:
    stop = StopSignal()

    class Impatient(NoProgress):
        def recorded(self, step: int, metrics: dict[str, float]) -> None:
            stop.requested = step == 6

    schedule = Schedule(record_every=3, checkpoint_every=5, snapshot_every=3)
    with writer(tmp_path / "run") as out:
        drive(Counter(), out, until=9, schedule=schedule, measure=lambda seen: [], progress=Impatient(), stop=stop)
    assert load_checkpoint(tmp_path / "run").step == 6
    assert open_run(tmp_path / "run").metric("total")[0].tolist() == [0, 3, 6]


def test_progress_receives_the_metrics_of_the_whole_system_only(tmp_path: Path) -> None:
    class Noting(NoProgress):
        def __init__(self) -> None:
            self.metrics: list[dict[str, float]] = []

        def recorded(self, step: int, metrics: dict[str, float]) -> None:
            self.metrics.append(metrics)

    rows = [
        {"name": "mean", "value": 1.0, "split": None},
        {"name": "success", "value": 2.0, "agent": 0},
        {"name": "loss", "value": 3.0, "copy": 1, "network": 2},
    ]
    assert [is_scalar(row) for row in rows] == [True, False, False]
    noting, schedule = Noting(), Schedule(record_every=1, checkpoint_every=1, snapshot_every=1)
    with writer(tmp_path / "run") as out:
        drive(Counter(), out, until=1, schedule=schedule, measure=lambda seen: rows, progress=noting, stop=StopSignal())
    assert noting.metrics == [{"total": 0.0, "mean": 1.0}, {"total": 1.0, "mean": 1.0}]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_the_step_finish_and_saves(tmp_path: Path, number: int) -> None:
    def interrupt(step: int) -> None:
        if step == 4:
            os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    with writer(tmp_path / "run") as out, StopSignal() as stop:
        assert not go(Counter(at_step=interrupt), out, until=100, stop=stop)
    assert signal.getsignal(number) is before
    assert load_checkpoint(tmp_path / "run").step == 4


def test_a_second_interrupt_does_not_wait() -> None:
    with StopSignal() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.requested
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
