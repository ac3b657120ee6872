"""Checkpoints: all that a resume needs, with a manifest by which damage is detected."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import (
    Files,
    encode_json,
    existing,
    filled_with,
    inside,
    read_json,
    reading,
    step_folder,
    steps_in,
)

if TYPE_CHECKING:
    import torch

SCHEMA_VERSION = 1
FOLDER = "checkpoints"
TENSORS, STATE, SEAL, MANIFEST = "tensors.safetensors", "state.json", "seal.json", "manifest.json"


@dataclass(frozen=True)
class LoadedCheckpoint:
    """The newest undamaged checkpoint of a run, with its seal, and the reasons why newer ones were skipped."""

    step: int
    tensors: dict[str, torch.Tensor]
    state: dict[str, Any]
    seal: dict[str, Any]
    skipped: list[str]


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on the disk; it has not been read yet, so it may be damaged."""

    step: int
    path: Path

    def load(self) -> tuple[dict[str, torch.Tensor], dict[str, Any], dict[str, Any]]:
        """Return tensors (on the CPU), state and seal; `StoreError` says what is damaged. Reads every byte once."""
        inside(self.path.parent, self.path.name)
        self._check_manifest()
        sealed = read_json(self.path, SEAL)
        kinds = {"seed": int, "configuration": dict, "parts": str}
        if not all(isinstance(sealed.get(name), kind) for name, kind in kinds.items()):
            raise StoreError(f"{self.path / SEAL}: expected seed, configuration and parts, got {', '.join(sealed)}")
        tensors, state = _read_tensors(existing(self.path, TENSORS)), read_json(self.path, STATE)
        self._check_words()
        return tensors, state, sealed

    def is_whole(self) -> bool:
        """Whether `load` would succeed."""
        try:
            self.load()
        except StoreError:
            return False
        return True

    def _check_words(self) -> None:
        """Raise `StoreError` when the manifest holds more than was written, or the same in other words."""
        where = self.path / MANIFEST
        with reading(where):
            sizes = {name: _sizes(self.path / name) for name in (TENSORS, STATE, SEAL)}
            if where.read_bytes() != _manifest(self.step, sizes):
                raise ValueError("it holds more than was written, or the same in other words")

    def _check_manifest(self) -> None:
        manifest = read_json(self.path, MANIFEST)
        where = self.path / MANIFEST
        try:
            version, step = manifest["schema_version"], manifest["step"]
            files = {name: (entry["bytes"], entry["sha256"]) for name, entry in manifest["files"].items()}
        except (KeyError, TypeError, AttributeError):
            raise StoreError(f"{where}: expected schema_version, step, and bytes and sha256 of each file") from None
        if version != SCHEMA_VERSION:
            raise StoreError(f"{where}: expected schema_version {SCHEMA_VERSION}, got {version!r}")
        if step != self.step:
            raise StoreError(f"{where}: expected step {self.step}, got {step!r}")
        if unlisted := {TENSORS, STATE, SEAL} - files.keys():
            raise StoreError(f"{where}: does not list {min(unlisted)}")
        for name, (size, sha256) in files.items():
            path = existing(self.path, str(name))
            _refuse_pickle(path)
            with reading(path):
                got = _sizes(path)
            if got["bytes"] != size:
                raise StoreError(f"{path}: expected {size} bytes, got {got['bytes']}; the file is truncated or changed")
            if got["sha256"] != sha256:
                raise StoreError(f"{path}: its content does not match the sha256 of the manifest")


def checkpoints(run: Path) -> list[Checkpoint]:
    """Return the checkpoints of a run directory, oldest first."""
    return [Checkpoint(step, run / step_folder(FOLDER, step)) for step in steps_in(run, FOLDER)]


def load_checkpoint(path: Path) -> LoadedCheckpoint:
    """Return the newest undamaged checkpoint of the run at `path`.

    Raises
    ------
    StoreError
        All are damaged, or there is none; the message gives the reason for each.
    """
    run = Path(path).resolve()
    skipped: list[str] = []
    for checkpoint in reversed(checkpoints(run)):
        try:
            tensors, state, seal = checkpoint.load()
        except StoreError as error:
            skipped.append(str(error))
        else:
            return LoadedCheckpoint(checkpoint.step, tensors, state, seal, skipped)
    if not skipped:
        raise StoreError(f"{run}: no checkpoint was written yet; start the run again, in the same folder if you like")
    reasons = "".join(f"\n  {reason}" for reason in skipped)
    raise StoreError(f"{run}: no checkpoint that can be used; start the run again in another folder{reasons}")


def write_checkpoint(
    files: Files, step: int, tensors: Mapping[str, torch.Tensor], state: dict[str, Any], seal: dict[str, Any]
) -> None:
    """Write the checkpoint of `step` by one rename."""
    name = step_folder(FOLDER, step)

    def manifest(path: Path) -> None:
        sizes = {member: _sizes(path.parent / member) for member in (TENSORS, STATE, SEAL)}
        path.write_bytes(_manifest(step, sizes))

    files.write_folder(
        name,
        {
            TENSORS: lambda path: _write_tensors(path, tensors),
            STATE: filled_with(encode_json(state)),
            SEAL: filled_with(encode_json(seal)),
            MANIFEST: manifest,
        },
    )


def _manifest(step: int, sizes: Mapping[str, Any]) -> bytes:
    return encode_json({"schema_version": SCHEMA_VERSION, "step": step, "files": sizes})


def prune(files: Files, keep: int) -> None:
    """Remove all checkpoints but the newest `keep`."""
    for step in steps_in(files.root, FOLDER)[:-keep]:
        files.remove(step_folder(FOLDER, step))


def _write_tensors(path: Path, tensors: Mapping[str, torch.Tensor]) -> None:
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    try:
        save_file({name: tensor.detach().contiguous() for name, tensor in tensors.items()}, path)
    except SafetensorError as error:
        # The library reports a failed write as text, which holds the error number of the operating system.
        number = re.search(r"(?:os error|code:) (\d+)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error


def _read_tensors(path: Path) -> dict[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        with reading(path):
            return dict(load_file(path))
    except SafetensorError as error:
        raise StoreError(f"cannot read {path}: not a safetensors file ({error})") from error


def _refuse_pickle(path: Path) -> None:
    """Refuse a pickle: this reason helps more than that a hash does not match."""
    if path.suffix != ".safetensors":
        return
    with reading(path), path.open("rb") as file:
        head = file.read(9)
    # The first 8 bytes of a safetensors file are a length, so they can be any bytes; the ninth is always "{".
    if head[8:] != b"{" and head.startswith((b"\x80", b"PK\x03\x04")):
        raise StoreError(f"{path}: is a pickle, not a safetensors file; loading one could run any code, refused")


def _sizes(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "bytes": path.stat().st_size}
