"""Files of a run directory: written whole or not at all, read only from inside it."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hubbub.simulator.errors import StoreError, shortened

RUN_FILE = "run.json"
STUDY_FILE = "study.json"
"""In the folder of a study: what was studied; its runs are in `runs`, its table is `study.parquet`."""
TEMPORARY = ".tmp"
MOST_JSON_BYTES = 2**26

Fill = Callable[[Path], Any]
"""Writes the content of one file to the path it is given."""


class Files:
    """The files of one run directory, for its writer.

    Everything is written below `.tmp/`, flushed to the disk, then renamed into place. So a listing of the directory
    never shows a half-written file, no glob such as `metrics/*.parquet` matches one, and what a killed process leaves
    behind is removed by removing `.tmp/`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, content: bytes) -> None:
        """Write or replace the file `name` by one rename."""
        with writing(self.root / name, run=self.root), self._writing_to(name) as temporary:
            write_synced(temporary, content)

    def write_folder(self, name: str, members: Mapping[str, Fill]) -> None:
        """Write or replace the folder `name` with all its members by one rename; they are filled in the order given."""
        with writing(self.root / name, run=self.root), self._writing_to(name) as folder:
            folder.mkdir()
            for member, fill in members.items():
                with writing(self.root / name / member, run=self.root):
                    fill(folder / member)
                    synced(folder / member)
            synced(folder)

    def remove(self, name: str) -> None:
        """Remove the file or folder `name` by one rename."""
        target = inside(self.root, name)
        with writing(target, run=self.root):
            if target.is_dir():
                self._move_away(target)
                self.clean()
            else:
                target.unlink()

    def clean(self) -> None:
        """Remove what a killed or failed write left behind."""
        shutil.rmtree(self.root / TEMPORARY, ignore_errors=True)

    @contextmanager
    def _writing_to(self, name: str) -> Iterator[Path]:
        """Yield a temporary path; what is there when the block ends becomes `name`."""
        target, temporary = inside(self.root, name), inside(self.root, f"{TEMPORARY}/{name}")
        try:
            temporary.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir():
                self._move_away(target)
            temporary.replace(target)
            synced(target.parent)
            synced(self.root)
        finally:
            self.clean()

    def _move_away(self, folder: Path) -> None:
        """Move a folder away by one rename: deleting it in place could be interrupted half way."""
        removed = inside(self.root, f"{TEMPORARY}/removed")
        removed.parent.mkdir(exist_ok=True)
        folder.replace(removed)


def filled_with(content: bytes) -> Fill:
    """Return a function that writes `content` to the path it is given."""
    return lambda path: path.write_bytes(content)


@contextmanager
def writing(file: Path, *, run: Path) -> Iterator[None]:
    """Turn an OSError inside the block into a `StoreError` that says which file, why, what is safe and how to go on."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        remedy = "free some space" if full else "make the folder writable"
        if os.access(run / RUN_FILE, os.F_OK) and not any((run / "checkpoints").glob("step-*")):
            state = f"No checkpoint was written yet, so there is nothing to resume; {remedy}, then start it again"
        elif os.access(run / RUN_FILE, os.F_OK):
            state = f"What was written before is intact; {remedy}, then go on with `{resume_command(run)}`"
        elif os.access(run / STUDY_FILE, os.F_OK):
            state = f"What was written before is intact; {remedy}, then give the same command again"
        else:
            state = f"Nothing was started there; {remedy}, or choose another folder with --out"
        raise StoreError(f"cannot write {file}: {error.strerror or error}. {state}") from error


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Turn the error that a damaged or unreadable file raises inside the block into a `StoreError` that names it."""
    try:
        yield
    except (OSError, ValueError, TypeError, LookupError, NotImplementedError, RecursionError, MemoryError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split()) or type(error).__name__
        raise StoreError(f"cannot read {file}: {shortened(reason)}") from error


def inside(folder: Path, name: str) -> Path:
    """Return `folder / name`, or raise when that leads, by `..` or a symbolic link, to a place outside `folder`."""
    path = folder / name
    leads_to, root = resolved(path), resolved(folder)
    if not leads_to.is_relative_to(root):
        raise StoreError(f"{path}: leads to {leads_to}, which is outside of {folder}; refused")
    return path


def resolved(path: Path | str) -> Path:
    """Return the absolute path of a folder, links followed; `StoreError` for a path that cannot be one."""
    try:
        return Path(path).resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a loop of links, or a name with a NUL
        raise StoreError(f"{str(path)!r}: cannot be followed: {getattr(error, 'strerror', None) or error}") from None


def existing(folder: Path, name: str) -> Path:
    """Return the file `name` inside `folder`, or raise when there is none."""
    path = inside(folder, name)
    with reading(path):
        if not path.is_file():
            raise StoreError(f"{path}: missing")
    return path


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """Return the JSON object in the file `name` inside `folder`."""
    path = existing(folder, name)
    with reading(path):
        if (size := path.stat().st_size) > MOST_JSON_BYTES:
            raise ValueError(f"expected at most {MOST_JSON_BYTES:,} bytes, got {size:,}")
        content = json.loads(path.read_bytes())
    if not isinstance(content, dict):
        raise StoreError(f"cannot read {path}: expected a JSON object, got {type(content).__name__}")
    return content


def encode_json(content: Mapping[str, Any]) -> bytes:
    """Return a JSON object as the bytes of a file."""
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def step_folder(name: str, step: int) -> str:
    """Return the name, relative to the run directory, of the folder of `step` inside `name`."""
    return f"{name}/step-{step:010d}"


def steps_in(folder: Path, name: str) -> list[int]:
    """Return the steps for which `folder / name` has a `step-…` folder, ascending."""
    matches = (re.fullmatch(r"step-(\d{10,})", entry.name) for entry in inside(folder, name).glob("step-*/"))
    return sorted(int(match[1]) for match in matches if match)


def resume_command(run: Path) -> str:
    """Return the command line that continues a run."""
    return f"hubbub resume {shlex.quote(str(run))}"


def write_synced(path: Path, content: bytes) -> None:
    """Write a file, and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def opened(path: Path, flags: int) -> int:
    """Return the descriptor of a file whose bytes are what is read and written; a symbolic link is not followed."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0), 0o644)


def synced(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk; Windows has no such call for a folder."""
    is_folder = path.is_dir()
    if is_folder and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
