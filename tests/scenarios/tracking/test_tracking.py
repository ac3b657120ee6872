"""What trackers get of a run: every record once, whatever happens to the run or to the tracker."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import hubbub
from hubbub.checks.metric import MEMORY, TALK
from hubbub.scenarios import resume, run
from hubbub.scenarios.tracking import TrackedRun, Tracker, tracker
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.store import Run

TINY = {"engine.record_every": 2, "engine.checkpoint_every": 4, "training.steps": 6}


@pytest.fixture
def kept() -> Iterator[list[Any]]:
    """What the tracker `list` was told: step and names of metrics, and how it was closed."""
    told: list[Any] = []

    @tracker("list")
    class ListTracker(Tracker):
        """Keeps what it is told."""

        fails_at: ClassVar[int | None] = None

        def __init__(self, *, run: TrackedRun, fails_at: int | None = None, opens: bool = True) -> None:
            if not opens:
                raise ConnectionError("nobody there")
            self.fails_at = fails_at
            told.append((run.began, run.identity))

        def log(self, step: int, metrics: Mapping[str, float]) -> None:
            if step == self.fails_at:
                raise ConnectionError("the line is dead")
            told.append((step, metrics["loss"] if step else None))

        def close(self, status: str) -> None:
            told.append(status)

    yield told
    tracker._entries.pop("list")


def losses(made: Run) -> list[tuple[int, float | None]]:
    return [(step, metrics.get("loss")) for step, metrics in made.records()]


def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Return what TensorBoard reads from the event files in a folder."""
    found = EventAccumulator(str(folder))
    found.Reload()
    return {tag: [(one.step, one.value) for one in found.Scalars(tag)] for tag in found.Tags()["scalars"]}


def expected(made: Run) -> dict[str, list[tuple[int, float]]]:
    rows: dict[str, list[tuple[int, float]]] = {}
    for step, metrics in made.records():
        for name, value in metrics.items():
            rows.setdefault(name, []).append((step, pytest.approx(value, nan_ok=True)))  # event files hold float32
    return rows


def test_tensorboard_shows_the_rows_of_a_run_in_parts(tmp_path: Path) -> None:
    """The first part ends off the schedule; a resume removes that record, and TensorBoard forgets it too."""
    run(TALK, {**TINY, "training.steps": 3, "tracking": "tensorboard"}, out=tmp_path / "run")
    assert scalars(tmp_path / "run/tracking/tensorboard")["loss"][-1][0] == 3
    made = resume(tmp_path / "run", {"training.steps": 6})
    assert scalars(tmp_path / "run/tracking/tensorboard") == expected(made)
    assert [step for step, _ in scalars(tmp_path / "run/tracking/tensorboard")["loss"]] == [2, 4, 6]
    assert hubbub.open_run(made.path, verify=True).configuration["tracking"] == [{"kind": "tensorboard"}]


def test_runs_that_are_done_are_exported(tmp_path: Path) -> None:
    made = run(MEMORY, {"dynamics.steps": 4, "engine.record_every": 2}, out=tmp_path / "run")
    said: list[str] = []
    [file] = hubbub.export(made, "tensorboard", notify=said.append)
    [again] = hubbub.export(made, "tensorboard")
    assert file == again == made.path / "exports/tensorboard/events.out.tfevents.0.hubbub"
    assert scalars(file.parent) == expected(made)
    assert said == ["rows of single agents, copies or networks are left out: activity, energy, overlap"]
    [elsewhere] = hubbub.export(made, "tensorboard", out=tmp_path / "events")
    assert elsewhere.parent == tmp_path / "events"


def test_a_tracker_gets_every_record_once(tmp_path: Path, kept: list[Any]) -> None:
    made = run(TALK, {**TINY, "tracking": ["list"]}, out=tmp_path / "run")
    began, identity = kept.pop(0)
    assert (began, kept) == (0, [*losses(made), "finished"])
    kept.clear()
    made = resume(made.path, {"training.steps": 8})
    assert kept == [(6, identity), losses(made)[-1], "finished"]


def test_the_record_where_a_run_is_stopped_is_given_to_none(tmp_path: Path, kept: list[Any]) -> None:
    class Stopper:
        def recorded(self, step: int, metrics: dict[str, float]) -> None:
            if step == 2:
                import signal

                signal.raise_signal(signal.SIGTERM)

    settings = {**TINY, "engine.record_every": 2, "tracking": ["list"]}
    stopped = run(TALK, {**settings, "training.steps": 6}, out=tmp_path / "run", progress=Stopper())
    assert (stopped.status, stopped.step, kept[1:]) == ("stopped", 2, [*losses(stopped), "stopped"])
    made = resume(stopped.path)
    assert [one for one in kept[1:] if isinstance(one, tuple) and isinstance(one[1], float)] == losses(made)[1:]


def test_trackers_may_come_later(tmp_path: Path, kept: list[Any]) -> None:
    """They catch up with what was recorded, also when the run is finished."""
    made = run(TALK, {**TINY, "training.steps": 4}, out=tmp_path / "run")
    longer = resume(made.path, {"training.steps": 6, "tracking": "list"})
    assert kept[1:] == [*losses(longer), "finished"]
    kept.clear()
    resume(made.path, {"tracking": "tensorboard,list"})
    assert kept[1:] == ["finished"]
    assert scalars(made.path / "tracking/tensorboard") == expected(longer)


def test_a_tracker_that_fails_is_said_and_caught_up_with(
    tmp_path: Path, kept: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    failing = {"kind": "list", "fails_at": 2}
    with caplog.at_level(logging.WARNING, logger="hubbub"):
        made = run(TALK, {**TINY, "tracking": [failing, "tensorboard"]}, out=tmp_path / "run", progress=False)
    assert made.status == "finished"
    said = "tracker 'list' failed with ConnectionError: the line is dead; the run goes on without it"
    assert [said in record.message for record in caplog.records] == [True]
    assert kept[1:] == [(0, None)]
    assert scalars(made.path / "tracking/tensorboard") == expected(made)
    resume(made.path, {"tracking": ["list"]})
    assert kept[3:] == [*losses(made)[1:], "finished"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["tensorbord"], r"tracking\.0\.kind: .*got 'tensorbord'; did you mean 'tensorboard'\?"),
        (["list", "list"], r"tracking\.1: expected each tracker once, got 'list' again"),
        ([{"kind": "list", "opens": False}], "tracker 'list': .*failed at .* with ConnectionError: nobody there"),
        (
            ["wandb"],
            r"tracking\.0: tracker 'wandb' needs the package wandb, which is not installed: pip install 'hubbub\[",
        ),
    ],
)
def test_a_run_does_not_begin_without_its_trackers(
    given: Any, message: str, tmp_path: Path, kept: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubbub.scenarios.tracking.feeding.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=message):
        run(TALK, {**TINY, "tracking": given}, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_folder_in_use_is_refused_before_a_tracker_is_opened(tmp_path: Path, kept: list[Any]) -> None:
    run(TALK, {**TINY, "training.steps": 0}, out=tmp_path / "run")
    with pytest.raises(StoreError, match="holds a run already"):
        run(TALK, {**TINY, "tracking": ["list"]}, out=tmp_path / "run")
    assert kept == []
