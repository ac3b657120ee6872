"""The lock of a run directory: one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import lock_descriptor

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import opened, writing
from hubbub.simulator.store.process import Process

LOCK_FILE = ".lock"
MOST_BYTES = 1000


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Lock the run directory for writing; raise `StoreError` when another writer has locked it.

    The lock belongs to an open file, so the operating system releases it whenever and however the process ends. The
    file stays: it names the process that wrote last, and says whether it has released the lock. That begins behind a
    space, because the first byte of a file that is locked cannot be read on Windows.
    """
    with writing(run / LOCK_FILE, run=run):
        descriptor = opened(run / LOCK_FILE, os.O_RDWR | os.O_CREAT)
    try:
        with writing(run / LOCK_FILE, run=run):
            _acquire(descriptor, run)
        try:
            yield
        finally:
            with suppress(OSError):  # a full disk; when the process has ended, it is seen all the same
                _write(descriptor, replace(Process.current(), released=True))
    finally:
        os.close(descriptor)


def last_writer(folder: Path) -> Process | None:
    """Return the process that has the lock of a folder, or had it last; None where that is not known."""
    path = folder / LOCK_FILE
    try:
        if not path.is_file():  # reading a named pipe would wait
            return None
        descriptor = opened(path, os.O_RDONLY)
        try:
            return _read(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        return None


def _acquire(descriptor: int, run: Path) -> None:
    if not lock_descriptor(descriptor, blocking=False):
        holder = _read(descriptor) or "unknown"
        raise StoreError(f"{run}: in use by process {holder}; wait until it ends, or stop it")
    _write(descriptor, Process.current())


def _read(descriptor: int) -> Process | None:
    try:
        return Process.decode(os.read(descriptor, MOST_BYTES))
    except PermissionError:
        os.lseek(descriptor, 1, os.SEEK_SET)
        return Process.decode(os.read(descriptor, MOST_BYTES))


def _write(descriptor: int, process: Process) -> None:
    content = b" " + process.encode()
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, content)
    os.ftruncate(descriptor, len(content))
