"""Stopping on request: Ctrl-C, SIGTERM and SIGHUP let the current step finish."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, NoReturn

STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Signals that ask a process to end."""


class Interrupted(KeyboardInterrupt):
    """A second Ctrl-C, where the first had requested a stop."""


class StopSignal:
    """While active, the first SIGINT, SIGTERM or SIGHUP requests a stop; a second SIGINT raises `Interrupted`.

    Signals reach the main thread only; in any other thread this has no effect. A SIGHUP that was ignored before (nohup)
    stays ignored.

    Attributes
    ----------
    requested
        Whether a stop was requested.
    cause
        The name of the signal that requested it, "" where there was none.
    """

    def __init__(self) -> None:
        self.requested = False
        self.cause = ""
        self._before: dict[int, Any] = {}

    def __enter__(self) -> StopSignal:
        if threading.current_thread() is threading.main_thread():
            for number in STOPPING:
                if not _is_nohup(number):
                    self._before[number] = signal.signal(number, self._request)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self.requested and number == signal.SIGINT:
            raise Interrupted
        self.requested, self.cause = True, signal.Signals(number).name


@contextmanager
def signals_interrupt() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise `KeyboardInterrupt`, as Ctrl-C does; its text names the signal.

    Without effect in other threads than the main one, since signals reach that one only.
    """
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, _interrupt) for number in STOPPING if not _is_nohup(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt(f"stopped by {signal.Signals(number).name}" if number != signal.SIGINT else "interrupted")


def _is_nohup(number: int) -> bool:
    """Whether a process that was started to outlive its terminal ignores this signal."""
    return number == getattr(signal, "SIGHUP", None) and signal.getsignal(number) == signal.SIG_IGN
