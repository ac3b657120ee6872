import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import RunWriter, load_checkpoint, open_run


@pytest.fixture
def run(writer: RunWriter) -> Path:
    """A run with checkpoints of steps 1 and 2."""
    for step in (1, 2):
        writer.checkpoint(step, {"w": torch.full((4,), float(step))}, {"step": step})
    return writer.path


def newest(run: Path) -> Path:
    return run / "checkpoints" / "step-0000000002"


def rewrite_manifest(run: Path, change: Callable[[dict], object]) -> None:
    path = newest(run) / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def replace_listed(run: Path, name: str, content: bytes) -> None:
    """Replace a file and make the manifest fit it, as someone would who wants it to be loaded."""
    (newest(run) / name).write_bytes(content)
    entry = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    rewrite_manifest(run, lambda manifest: manifest["files"].update({name: entry}))


def test_tensors_and_state_come_back_to_the_bit(writer: RunWriter) -> None:
    tensors = {
        "weights": torch.tensor([[float("nan"), -0.0], [1e-45, float("inf")]]),
        "transposed": torch.arange(6, dtype=torch.float64).reshape(2, 3).T,
        "random state": torch.arange(256).to(torch.uint8),
        "step": torch.tensor(2**62),
        "half": torch.tensor([0.1], dtype=torch.bfloat16),
        "learned": torch.ones(2, requires_grad=True),
        "none": torch.empty(0, 3),
    }
    state = {"seed": 2**80, "text": "ñ", "nested": [{"a": None, "b": 0.1}]}
    writer.checkpoint(9, tensors, state)
    loaded = load_checkpoint(writer.path)
    assert (loaded.step, loaded.state, loaded.skipped) == (9, state, [])
    assert loaded.tensors.keys() == tensors.keys()
    for name, tensor in tensors.items():
        got = loaded.tensors[name]
        assert (got.dtype, got.shape) == (tensor.dtype, tensor.shape)
        as_bytes = tensor.detach().contiguous().reshape(-1).view(torch.uint8)
        assert torch.equal(got.reshape(-1).view(torch.uint8), as_bytes)


def test_writing_to_loaded_tensors_leaves_the_checkpoint_alone(run: Path) -> None:
    load_checkpoint(run).tensors["w"].zero_()
    assert load_checkpoint(run).tensors["w"].tolist() == [2.0] * 4


def test_the_newest_stay(writer: RunWriter) -> None:
    for step in (1, 5, 30, 200):
        writer.checkpoint(step, {"w": torch.ones(1)}, {})
    assert [checkpoint.step for checkpoint in open_run(writer.path).checkpoints()] == [30, 200]
    assert sorted(path.name for path in (writer.path / "checkpoints").iterdir()) == [
        "step-0000000030",
        "step-0000000200",
    ]


def test_how_many_stay_is_an_option(create: Callable[..., RunWriter]) -> None:
    writer = create(keep=1)
    for step in (1, 2):
        writer.checkpoint(step, {"w": torch.ones(1)}, {})
    writer.close()
    with RunWriter.reopen(writer.path, keep=3) as writer:
        for step in (3, 4, 5):
            writer.checkpoint(step, {"w": torch.ones(1)}, {})
    assert [checkpoint.step for checkpoint in open_run(writer.path).checkpoints()] == [3, 4, 5]


def test_a_whole_checkpoint_of_the_same_step_stays_and_a_damaged_one_is_replaced(writer: RunWriter) -> None:
    writer.checkpoint(1, {"w": torch.ones(1)}, {"try": 1})
    writer.checkpoint(1, {"w": torch.ones(1)}, {"try": 2})
    assert load_checkpoint(writer.path).state == {"try": 1}
    (writer.path / "checkpoints" / "step-0000000001" / "state.json").unlink()
    writer.checkpoint(1, {"w": torch.ones(1)}, {"try": 3})
    assert load_checkpoint(writer.path).state == {"try": 3}


def truncated(run: Path) -> None:
    os.truncate(newest(run) / "tensors.safetensors", 20)


def flipped(run: Path) -> None:
    content = bytearray((newest(run) / "tensors.safetensors").read_bytes())
    content[-1] ^= 1
    (newest(run) / "tensors.safetensors").write_bytes(content)


def pickled(run: Path) -> None:
    (newest(run) / "tensors.safetensors").write_bytes(pickle.dumps({"w": [1.0]}))


def pickled_and_listed(run: Path) -> None:
    replace_listed(run, "tensors.safetensors", pickle.dumps({"w": [1.0]}))


def torch_saved_and_listed(run: Path) -> None:
    torch.save({"w": torch.ones(4)}, newest(run) / "saved")
    replace_listed(run, "tensors.safetensors", (newest(run) / "saved").read_bytes())


def nonsense_and_listed(run: Path) -> None:
    replace_listed(run, "tensors.safetensors", b"\x09" + bytes(40))


def state_is_a_list(run: Path) -> None:
    replace_listed(run, "state.json", b"[]")


def state_too_deep(run: Path) -> None:
    replace_listed(run, "state.json", b"[" * 100_000)


def no_manifest(run: Path) -> None:
    (newest(run) / "manifest.json").unlink()


def malformed_manifest(run: Path) -> None:
    (newest(run) / "manifest.json").write_text('{"step": 2,')


def empty_manifest(run: Path) -> None:
    (newest(run) / "manifest.json").write_text("{}")


def manifest_of_another_version(run: Path) -> None:
    rewrite_manifest(run, lambda manifest: manifest.update(schema_version=2))


def manifest_of_another_step(run: Path) -> None:
    rewrite_manifest(run, lambda manifest: manifest.update(step=3))


def seal_is_empty(run: Path) -> None:
    replace_listed(run, "seal.json", b"{}")


def manifest_without_state(run: Path) -> None:
    rewrite_manifest(run, lambda manifest: manifest["files"].pop("state.json"))


def manifest_of_a_stranger(run: Path) -> None:
    entry = {"bytes": 1, "sha256": ""}
    rewrite_manifest(run, lambda manifest: manifest["files"].update({"../../run.json": entry}))


def manifest_of_an_absolute_path(run: Path) -> None:
    entry = {"bytes": 1, "sha256": ""}
    rewrite_manifest(run, lambda manifest: manifest["files"].update({"/etc/passwd": entry}))


def tensors_linked_away(run: Path) -> None:
    shutil.move(newest(run) / "tensors.safetensors", run / "tensors")
    (newest(run) / "tensors.safetensors").symlink_to(run / "tensors")


def folder_linked_away(run: Path) -> None:
    shutil.move(newest(run), run.parent / "elsewhere")
    newest(run).symlink_to(run.parent / "elsewhere")


def missing_tensors(run: Path) -> None:
    (newest(run) / "tensors.safetensors").unlink()


def fifo(run: Path) -> None:
    missing_tensors(run)
    os.mkfifo(newest(run) / "tensors.safetensors")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (truncated, "tensors.safetensors: expected 80 bytes, got 20; the file is truncated"),
        (flipped, "tensors.safetensors: its content does not match the sha256 of the manifest"),
        (pickled, "tensors.safetensors: is a pickle, not a safetensors file"),
        (pickled_and_listed, "tensors.safetensors: is a pickle, not a safetensors file"),
        (torch_saved_and_listed, "tensors.safetensors: is a pickle, not a safetensors file"),
        (nonsense_and_listed, "tensors.safetensors: not a safetensors file (Error"),
        (state_is_a_list, "state.json: expected a JSON object, got list"),
        (state_too_deep, "cannot read"),
        (seal_is_empty, "seal.json: expected seed, configuration and parts"),
        (no_manifest, "manifest.json: missing"),
        (malformed_manifest, "manifest.json: Expecting property name"),
        (empty_manifest, "manifest.json: expected schema_version, step, and bytes and sha256 of each file"),
        (manifest_of_another_version, "manifest.json: expected schema_version 1, got 2"),
        (manifest_of_another_step, "manifest.json: expected step 2, got 3"),
        (manifest_without_state, "manifest.json: does not list state.json"),
        (manifest_of_a_stranger, "run.json, which is outside of"),
        (manifest_of_an_absolute_path, "/etc/passwd: leads to"),
        (tensors_linked_away, "tensors, which is outside of"),
        (folder_linked_away, "elsewhere, which is outside of"),
        (missing_tensors, "tensors.safetensors: missing"),
        (fifo, "tensors.safetensors: missing"),
    ],
)
def test_a_damaged_checkpoint_is_passed_over_for_its_own_reason(
    run: Path, damage: Callable[[Path], None], reason: str
) -> None:
    damage(run)
    loaded = load_checkpoint(run)
    assert loaded.step == 1
    assert loaded.tensors["w"].tolist() == [1.0] * 4
    (skipped,) = loaded.skipped
    assert "step-0000000002" in skipped
    assert reason in skipped


def test_when_none_is_whole_every_reason_is_given(run: Path) -> None:
    no_manifest(run)
    (run / "checkpoints" / "step-0000000001" / "state.json").write_text("{}")
    with pytest.raises(StoreError) as caught:
        load_checkpoint(run)
    assert str(caught.value).startswith(f"{run}: no checkpoint that can be used")
    assert "step-0000000002/manifest.json: missing" in str(caught.value)
    assert "step-0000000001/state.json: expected 15 bytes, got 2" in str(caught.value)


def test_a_run_without_checkpoints(writer: RunWriter) -> None:
    assert open_run(writer.path).checkpoints() == []
    with pytest.raises(StoreError, match="no checkpoint was written yet"):
        load_checkpoint(writer.path)


def test_what_a_kill_left_and_foreign_folders_are_ignored(run: Path) -> None:
    (run / ".tmp" / "checkpoints" / "step-0000000003").mkdir(parents=True)
    (run / "checkpoints" / "step-copy").mkdir()
    (run / "checkpoints" / "step-0000000004").write_text("a file")
    assert [checkpoint.step for checkpoint in open_run(run).checkpoints()] == [1, 2]
    assert load_checkpoint(run).skipped == []


def test_a_header_whose_length_looks_like_a_pickle_is_no_pickle(writer: RunWriter) -> None:
    """A header of 0x..80 bytes makes the file begin as a pickle does."""
    for extra in range(60, 90):
        tensors = {"n" * extra: torch.ones(1)}
        writer.checkpoint(extra, tensors, {})
        if (writer.path / f"checkpoints/step-{extra:010d}/tensors.safetensors").read_bytes()[0] == 0x80:
            break
    else:
        pytest.fail("no header of such a length came")
    assert load_checkpoint(writer.path).step == extra
