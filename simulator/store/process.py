"""Which process writes: its number, its machine, and whether it is still there."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass

CLOCKS_AGREE_S = 10.0
"""A process that started this much later than the recorded one is another one with the same number."""


@dataclass(frozen=True)
class Process:
    """A process, told apart from later ones that get the same number.

    Attributes
    ----------
    pid, host
        Its number, and the name of its machine.
    started
        When it started, in seconds since 1970.
    released
        Whether it has stopped to write, and may go on with other things.
    """

    pid: int
    host: str
    started: float
    released: bool = False

    @classmethod
    def current(cls) -> Process:
        """Return this process."""
        import psutil

        return cls(os.getpid(), socket.gethostname(), round(psutil.Process().create_time(), 2))

    @classmethod
    def decode(cls, content: bytes) -> Process | None:
        """Return the process that `encode` wrote down; None for anything else, such as the half of it."""
        try:
            said = json.loads(content)
            return cls(int(said["pid"]), str(said["host"]), float(said["started"]), bool(said["released"]))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None

    def encode(self) -> bytes:
        """Return the process as JSON."""
        return json.dumps(asdict(self)).encode()

    @property
    def is_alive(self) -> bool | None:
        """Whether it has not ended; None where that cannot be known, for a process of another machine."""
        import psutil

        if self.host != socket.gethostname():
            return None
        try:
            there = psutil.Process(self.pid)
            is_same = abs(there.create_time() - self.started) < CLOCKS_AGREE_S
            return is_same and there.status() != psutil.STATUS_ZOMBIE
        except (psutil.NoSuchProcess, ValueError, OverflowError):
            return False
        except psutil.AccessDenied:
            return True

    @property
    def is_writing(self) -> bool | None:
        """Whether it is there and has not stopped to write; None where that cannot be known."""
        return False if self.released else self.is_alive

    def __str__(self) -> str:
        where = "" if self.host == socket.gethostname() else f" on {self.host}"
        return f"{self.pid}{where}"
