"""The folder in which a local Ray keeps its sockets and logs."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import lock_descriptor

PREFIX = "hubbub-ray-"
LOCK_FILE = ".lock"
LONGEST = 24
"""Letters that the path of the temporary folder may have: paths of sockets, some levels below it, may have 107."""


@contextmanager
def ray_folder() -> Iterator[Path]:
    """Yield a new folder for a local Ray, and remove it at the end; those of processes that were killed go first.

    A folder is locked as long as its process lives, whatever happens to the process.
    """
    temporary = Path(tempfile.gettempdir())
    if len(str(temporary)) > LONGEST and os.access("/tmp", os.W_OK):
        temporary = Path("/tmp")
    for left in temporary.glob(f"{PREFIX}*"):
        _remove_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=temporary))
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        lock_descriptor(descriptor, blocking=False)
        yield folder
    finally:
        _remove(folder)
        os.close(descriptor)


def _remove_if_left(folder: Path) -> None:
    """Remove the folder of a process that has ended; that of another user, or one that is just made, is left alone."""
    with suppress(OSError):
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            if lock_descriptor(descriptor, blocking=False):
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)


def _remove(folder: Path) -> None:
    """Remove a folder; Ray's processes may write their last lines there while they end."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
