"""A disk of which one operation fails."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class FaultyDisk:
    """Fails one operation that changes the file system below a folder: the one of number `at`."""

    EVENTS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate")

    def __init__(self) -> None:
        self.root, self.at, self.count, self.number = "", -1, 0, errno.ENOSPC
        self._fsync = os.fsync
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.at < 0:
            return
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_CREAT | os.O_WRONLY)
        if (opened or event in self.EVENTS) and str(arguments[0]).startswith(self.root):
            self._count()

    def _count(self) -> None:
        self.count += 1
        if self.count - 1 == self.at:
            raise OSError(self.number, os.strerror(self.number))

    def _failing_fsync(self, descriptor: int) -> None:
        self._count()
        self._fsync(descriptor)

    @contextmanager
    def failing(self, root: Path, at: int, number: int) -> Iterator[None]:
        """Fail operation number `at` below `root` with this error number, inside the block."""
        self.root, self.at, self.count, self.number = str(root), at, 0, number
        os.fsync = self._failing_fsync  # type: ignore[assignment]
        try:
            yield
        finally:
            self.at = -1
            os.fsync = self._fsync
