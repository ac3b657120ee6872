"""What was changed in a run since its checkpoint is named, and what may change is not."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import torch

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import RunWriter, check_unchanged, load_checkpoint
from hubbub.simulator.store.manifest import Manifest


@pytest.fixture
def run(create: Callable[..., RunWriter]) -> Path:
    """A run recorded every 2 steps, with a checkpoint of step 4; tables have a part of step 0 and one of the rest."""
    writer = create(configuration={"seed": 7, "training": {"steps": 10, "rate": 0.1}, "modules": []})
    writer.write_table("topology/edges.parquet", pa.table({"source": [0], "target": [1], "weight": [None]}))
    for step in range(5):
        writer.append_rows("events", step, [{"kind": "edge-added", "source": step, "target": 0, "detail": ""}])
        if step % 2 == 0:
            writer.append_rows("metrics", step, [{"name": "loss", "value": 1.0}])
        if step == 0:
            writer.flush()
    writer.checkpoint(4, {"w": torch.ones(1)}, {})
    writer.close()
    return writer.path


def edit(run: Path, change: Callable[[dict], object]) -> None:
    info = json.loads((run / "run.json").read_text())
    change(info)
    (run / "run.json").write_text(json.dumps(info))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def parts(run: Path, table: str) -> list[Path]:
    return sorted((run / table).iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda run: edit(run, lambda info: info.update(seed=8)), r"seed: expected 7, got 8"),
        (
            lambda run: edit(run, lambda info: info["configuration"]["training"].update(rate=0.2)),
            r"configuration.training.rate: expected 0.1, got 0.2",
        ),
        (
            lambda run: edit(run, lambda info: info["configuration"]["training"].pop("rate")),
            r"configuration.training.rate: expected 0.1, got nothing",
        ),
        (
            lambda run: edit(run, lambda info: info["configuration"].update(extra={"deep": None})),
            r"configuration.extra.deep: expected nothing, got None",
        ),
        (
            lambda run: parts(run, "metrics")[0].unlink(),
            r".*metrics/part-0000000000-\d+\.parquet: missing",
        ),
        (lambda run: parts(run, "events")[-1].unlink(), r".*events/part-0000000000-\d+\.parquet: missing"),
        (
            lambda run: shutil.copy(parts(run, "metrics")[0], parts(run, "events")[0]),
            r".*events/part-0000000000-\d+\.parquet: expected \d+ bytes, got \d+; it was changed or damaged.*",
        ),
        (
            lambda run: flip(run / "topology" / "edges.parquet"),
            r".*topology/edges\.parquet: expected SHA-256 .*, got another; it was changed or damaged.*",
        ),
        (
            lambda run: shutil.copy(parts(run, "events")[0], run / "events" / "part-0000000001-copy.parquet"),
            r".*events/part-0000000001-copy\.parquet: expected nothing, got a file",
        ),
    ],
)
def test_a_change_is_named(run: Path, change: Callable[[Path], object], message: str) -> None:
    check_unchanged(run, load_checkpoint(run))
    change(run)
    with pytest.raises(StoreError) as caught:
        check_unchanged(run, load_checkpoint(run))
    assert "the run was changed after its checkpoint of step 4; undo that or start a new run" in str(caught.value)
    assert re.search(rf"\n  {message}$", str(caught.value))
    assert str(caught.value).count("\n") == 1


def test_what_a_resume_makes_again_may_be_lost(run: Path) -> None:
    part = parts(run, "metrics")[-1]
    assert part.name.startswith("part-0000000004")
    part.unlink()
    check_unchanged(run, load_checkpoint(run))


def test_what_the_manifest_lost_is_noticed(create: Callable[..., RunWriter]) -> None:
    writer = create("long")
    for step in range(4):
        writer.append_rows("metrics", step, [{"name": "loss", "value": 1.0}])
        writer.checkpoint(step, {"w": torch.ones(1)}, {})
    run, checkpoint = writer.path, load_checkpoint(writer.path)
    lines = (run / "manifest.jsonl").read_bytes().splitlines(keepends=True)
    for end in range(len(lines)):
        (run / "manifest.jsonl").write_bytes(b"".join(lines[:end]))
        with pytest.raises(StoreError):
            check_unchanged(run, checkpoint)
    (run / "manifest.jsonl").write_bytes(b"".join([*lines[:1], *lines[2:]]))
    with pytest.raises(StoreError, match=r"manifest\.jsonl: line 2 is not as it was written"):
        check_unchanged(run, checkpoint)
    (run / "manifest.jsonl").write_bytes(Manifest().line([], (), {3: "0"}))
    with pytest.raises(StoreError, match=r"manifest\.jsonl: expected the seal [0-9a-f]{64}, got 0"):
        check_unchanged(run, checkpoint)
    (run / "manifest.jsonl").write_bytes(b"".join(lines))
    check_unchanged(run, checkpoint)


def test_what_may_be_raised_may_differ(run: Path) -> None:
    edit(run, lambda info: info["configuration"]["training"].update(steps=20))
    check_unchanged(run, load_checkpoint(run), may_differ=["training.steps"])
    with pytest.raises(StoreError, match=r"training\.steps: expected 10, got 20"):
        check_unchanged(run, load_checkpoint(run), may_differ=["training.rate"])


def test_going_on_changes_nothing_that_was_there(run: Path) -> None:
    """Neither taking back the records of the checkpoint's step, nor what comes later until the next checkpoint."""
    checkpoint = load_checkpoint(run)
    with RunWriter.reopen(run) as writer:
        writer.rewind(4, metrics=lambda step: step % 2 == 0, snapshots=lambda step: True)
        check_unchanged(run, checkpoint)
        for step in (4, 6):
            writer.append_rows("metrics", step, [{"name": "loss", "value": 1.0}])
        writer.append_rows("events", 5, [{"kind": "edge-added", "source": 9, "target": 0, "detail": ""}])
        writer.flush()
        check_unchanged(run, checkpoint)
        writer.checkpoint(6, {"w": torch.ones(1)}, {})
    check_unchanged(run, load_checkpoint(run))


def test_a_checkpoint_after_which_a_write_failed_is_still_sealed(
    create: Callable[..., RunWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder has its name already when the last flush to the disk fails."""
    writer = create("failing")
    writer.checkpoint(0, {"w": torch.ones(1)}, {})
    fsync = os.fsync

    def fail(descriptor: int) -> None:
        fsync(descriptor)
        if (writer.path / "checkpoints" / "step-0000000001").exists():
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match="No space left"):
            writer.checkpoint(1, {"w": torch.ones(1)}, {})
    writer.close()
    checkpoint = load_checkpoint(writer.path)
    assert checkpoint.step == 1
    check_unchanged(writer.path, checkpoint)
