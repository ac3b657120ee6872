import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Lexicon, RunWriter, check_unchanged, load_checkpoint, open_run


def test_a_new_run_says_what_it_is(create: Callable[..., RunWriter]) -> None:
    writer = create("deep/er", seed=2**70)
    info = json.loads((writer.path / "run.json").read_text())
    assert info.pop("created") == info.pop("updated")
    assert info.pop("hubbub_version")
    assert len(info.pop("sha256")) == 64
    assert info == {
        "schema_version": 3,
        "name": "karate",
        "status": "running",
        "step": 0,
        "seed": 2**70,
        "configuration": {"training": {"steps": 10}},
        "versions": {"torch": "2"},
    }


def test_an_empty_folder_is_good_and_so_is_one_where_a_run_was_killed_before_it_began(
    tmp_path: Path, create: Callable[..., RunWriter]
) -> None:
    (tmp_path / "run" / ".tmp").mkdir(parents=True)
    (tmp_path / "run" / ".tmp" / "run.json").write_text("{")
    (tmp_path / "run" / ".lock").write_text("1")
    assert open_run(create("run").path).status == "running"
    assert not (tmp_path / "run" / ".tmp").exists()


def test_a_run_killed_before_its_first_checkpoint_may_be_started_again(create: Callable[..., RunWriter]) -> None:
    create().close()
    assert open_run(create().path).status == "running"


def test_a_folder_that_holds_a_run_is_refused(create: Callable[..., RunWriter], tree: Callable) -> None:
    writer = create()
    writer.checkpoint(0, {"w": torch.ones(1)}, {})
    writer.close()
    before = tree(writer.path)
    with pytest.raises(
        StoreError, match=f"holds a run already; go on with it by `hubbub resume {writer.path}`, or cho"
    ):
        create()
    assert tree(writer.path) == before


def test_a_folder_in_use_is_refused_and_left_without_a_trace(tmp_path: Path, create: Callable[..., RunWriter]) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "thesis.tex").write_text("")
    with pytest.raises(StoreError, match=r"already in use, it is not empty \(thesis.tex is there\); choose another"):
        create()
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["thesis.tex"]


def test_a_file_in_the_place_is_refused(tmp_path: Path, create: Callable[..., RunWriter]) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(StoreError, match=r"cannot write .*/run: File exists"):
        create()


@pytest.mark.parametrize(
    ("number", "call", "message"),
    [
        (
            errno.EACCES,
            "mkdir",
            "cannot write .*/run: Permission denied. Nothing was started there; make the folder wr",
        ),
        (errno.EROFS, "open", r"cannot write .*/\.lock: Read-only file system. Nothing was started there; make th"),
        (
            errno.ENOSPC,
            "fsync",
            "cannot write .*/manifest.jsonl: No space left on device. Nothing was started there; free so",
        ),
    ],
)
def test_a_run_that_cannot_begin_can_begin_later(
    create: Callable[..., RunWriter], monkeypatch: pytest.MonkeyPatch, number: int, call: str, message: str
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(StoreError, match=message):
            create()
    assert open_run(create().path).step == 0


def test_only_a_run_is_reopened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"not a run directory \(run.json is missing\)"):
        RunWriter.reopen(tmp_path)
    assert not list(tmp_path.iterdir())


def test_reopening_removes_what_a_kill_left(writer: RunWriter, tree: Callable) -> None:
    writer.close()
    before = tree(writer.path)
    (writer.path / ".tmp" / "checkpoints" / "step-0000000003").mkdir(parents=True)
    (writer.path / ".tmp" / "checkpoints" / "step-0000000003" / "tensors.safetensors").write_text("half")
    RunWriter.reopen(writer.path).close()
    assert tree(writer.path) == before


def test_an_interrupted_write_leaves_nothing(
    writer: RunWriter, monkeypatch: pytest.MonkeyPatch, tree: Callable
) -> None:
    before = tree(writer.path)

    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(os, "fsync", interrupt)
        writer.checkpoint(1, {"w": torch.ones(2)}, {})
    assert tree(writer.path) == before


def test_status_and_configuration(writer: RunWriter) -> None:
    writer.set_status("stopped", step=10)
    writer.update_configuration({"training": {"steps": 20}})
    writer.set_status("finished", step=20)
    writer.close()
    with RunWriter.reopen(writer.path) as again:
        again.update_configuration({"training": {"steps": 30}})
    run = open_run(writer.path)
    assert (run.status, run.step, run.configuration) == ("finished", 20, {"training": {"steps": 30}})
    assert run.info["history"] == [
        {"step": 10, "configuration": {"training": {"steps": 10}}},
        {"step": 20, "configuration": {"training": {"steps": 20}}},
    ]


def test_a_checkpoint_comes_after_the_rows_before_it(writer: RunWriter) -> None:
    writer.append_rows("metrics", 1, [{"name": "loss", "value": 1}])
    writer.append_rows("events", 1, [{"kind": "edge-added", "source": 0, "target": 1}])
    writer.checkpoint(1, {"w": torch.ones(1)}, {})
    run = open_run(writer.path)
    assert (len(run.metric_rows()), len(run.events())) == (1, 1)


def test_leaving_with_an_error_keeps_the_rows(writer: RunWriter) -> None:
    with pytest.raises(ZeroDivisionError), writer:
        writer.append_rows("metrics", 1, [{"name": "loss", "value": 1}])
        raise ZeroDivisionError
    assert len(open_run(writer.path).metric_rows()) == 1
    RunWriter.reopen(writer.path).close()


def loss(step: int) -> list[dict[str, float | int | str]]:
    return [{"name": "loss", "value": 1 / (step + 1)}, {"name": "loss", "value": step, "agent": 0}]


def test_rewind_by_hand(writer: RunWriter, make_lexicon: Callable[..., Lexicon]) -> None:
    """Recorded every 2 steps, checkpoint at 4, stopped at 5 with a last record; the checkpoint of 5 is damaged."""
    for step in range(6):
        if step % 2 == 0 or step == 5:
            writer.append_rows("metrics", step, loss(step))
            writer.write_snapshot(make_lexicon(step))
        writer.append_rows("events", step, [{"kind": "edge-added", "source": 0, "target": step}])
        if step >= 3:
            writer.checkpoint(step, {"w": torch.ones(1)}, {})
    writer.append_rows("metrics", 6, loss(6))
    writer.write_snapshot(make_lexicon(6))
    writer.close()
    (writer.path / "checkpoints" / "step-0000000005" / "state.json").unlink()
    loaded = load_checkpoint(writer.path)
    assert loaded.step == 4
    with RunWriter.reopen(writer.path) as again:
        again.rewind(4, metrics=lambda step: step % 2 == 0, snapshots=lambda step: step % 2 == 0)
    run = open_run(writer.path)
    assert run.metric_rows()["step"].to_pylist() == [0, 0, 2, 2]
    assert run.events()["step"].to_pylist() == [0, 1, 2, 3, 4]
    assert run.lexicon_steps() == [0, 2]
    assert [checkpoint.step for checkpoint in run.checkpoints()] == [4]


def test_rewind_drops_an_unscheduled_last_record_of_a_shorter_run(
    writer: RunWriter, make_lexicon: Callable[..., Lexicon]
) -> None:
    for step in (0, 2, 3):
        writer.append_rows("metrics", step, loss(step))
        writer.append_rows("events", step, [{"kind": "edge-added", "source": 0, "target": step}])
        writer.write_snapshot(make_lexicon(step))
    writer.checkpoint(3, {"w": torch.ones(1)}, {})
    writer.rewind(3, metrics=lambda step: step % 2 == 0, snapshots=lambda step: step % 2 == 0)
    run = open_run(writer.path)
    assert run.metric_rows()["step"].to_pylist() == [0, 0, 2, 2]
    assert run.events()["step"].to_pylist() == [0, 2, 3]
    assert run.lexicon_steps() == [0, 2]
    assert [checkpoint.step for checkpoint in run.checkpoints()] == [3]


def walk(writer: RunWriter, first: int, last: int, *, flushes: set[int]) -> None:
    """Go from step `first` to `last`: a record every 2 steps and at the end, a checkpoint every 3 and at the end."""
    for step in range(first, last + 1):
        writer.append_rows("events", step, [{"kind": "edge-added", "source": step, "target": 0}])
        if step % 2 == 0 or step == last:
            writer.append_rows("metrics", step, loss(step))
        if step in flushes:
            writer.flush()
        if step % 3 == 0 or step == last:
            writer.checkpoint(step, {"w": torch.tensor([float(step)])}, {"step": step})


def resume(path: Path, last: int, *, flushes: set[int]) -> None:
    with RunWriter.reopen(path) as writer:
        checkpoint = load_checkpoint(path)
        check_unchanged(path, checkpoint)
        step = checkpoint.step
        writer.rewind(step, metrics=lambda step: step % 2 == 0, snapshots=lambda step: step % 2 == 0)
        if step % 2 == 0 or step == last:
            writer.append_rows("metrics", step, loss(step))
        walk(writer, step + 1, last, flushes=flushes)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stop=st.integers(1, 11),
    killed=st.booleans(),
    flushes=st.sets(st.integers(0, 12)),
    more_flushes=st.sets(st.integers(0, 12)),
)
def test_a_resumed_run_has_the_rows_of_an_uninterrupted_one(
    tmp_path_factory: pytest.TempPathFactory, stop: int, killed: bool, flushes: set[int], more_flushes: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    about = {"name": "karate", "seed": 7, "configuration": {}, "versions": {}}
    with RunWriter.create(folder / "whole", **about) as writer:
        walk(writer, 0, 12, flushes=set())
    part = RunWriter.create(folder / "part", **about)
    if killed:
        walk(part, 0, stop + 2 if stop % 3 == 1 else stop, flushes=flushes)
        part.append_rows("metrics", stop + 3, loss(stop + 3))
        part.flush()
    else:
        walk(part, 0, stop, flushes=flushes)
    part.close()
    resume(folder / "part", 12, flushes=more_flushes)
    whole, resumed = open_run(folder / "whole"), open_run(folder / "part")
    assert resumed.metric_rows().equals(whole.metric_rows())
    assert resumed.events().equals(whole.events())
    assert len(whole.metric_rows()) == 14
    assert [checkpoint.step for checkpoint in resumed.checkpoints()][-1] == 12


def test_tables_and_texts_lie_where_they_are_put(writer: RunWriter) -> None:
    writer.write_text("topology/graph.graphml", "<é/>")
    writer.write_table("topology/edges.parquet", pa.table({"source": [0], "target": [1], "weight": [None]}))
    assert sorted(path.name for path in (writer.path / "topology").iterdir()) == ["edges.parquet", "graph.graphml"]
    assert (writer.path / "topology" / "graph.graphml").read_text(encoding="utf-8") == "<é/>"
