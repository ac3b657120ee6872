"""The lock of a run directory: one writer at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import writing
from hubbub.simulator.store.process import Process

LOCK_FILE = ".lock"
MOST_BYTES = 1000


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Lock the run directory for writing; raise `StoreError` when another writer has locked it.

    The lock belongs to an open file, so the operating system releases it whenever and however the process ends. The
    file stays: it names the process that wrote last, and says whether it has released the lock.
    """
    with writing(run / LOCK_FILE, run=run):
        descriptor = os.open(run / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
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
        with path.open("rb") as file:
            return Process.decode(file.read(MOST_BYTES))
    except OSError:
        return None


def _acquire(descriptor: int, run: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = Process.decode(os.read(descriptor, MOST_BYTES)) or "unknown"
        raise StoreError(f"{run}: in use by process {holder}; wait until it ends, or stop it") from None
    _write(descriptor, Process.current())


def _write(descriptor: int, process: Process) -> None:
    content = process.encode()
    os.pwrite(descriptor, content, 0)
    os.truncate(descriptor, len(content))
