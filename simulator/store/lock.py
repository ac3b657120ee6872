"""The lock of a run directory: one writer at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import writing

LOCK_FILE = ".lock"


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Lock the run directory for writing; raise `StoreError` when another writer has locked it.

    The lock belongs to an open file, so the operating system releases it whenever and however the process ends. The
    file stays: it names the process that wrote last.
    """
    with writing(run / LOCK_FILE, run=run):
        descriptor = os.open(run / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    try:
        with writing(run / LOCK_FILE, run=run):
            _acquire(descriptor, run)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, run: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode(errors="replace") or "unknown"
        raise StoreError(f"{run}: in use by process {holder}; wait until it ends, or stop it") from None
    os.truncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
