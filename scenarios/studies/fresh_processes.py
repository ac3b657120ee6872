"""How processes of this machine are started."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from types import ModuleType
from typing import Any

from hubbub.scenarios.studies.script import check_script
from hubbub.simulator.stopping import STOPPING

PRELOADED = (
    "hubbub.scenarios.running",
    "hubbub.scenarios.systems.population",
    "hubbub.simulator.population.fused_block",
)
"""What most processes need; importing it brings torch and numba, which take longest."""

HAS_SERVER = "forkserver" in get_all_start_methods()


def fresh_processes() -> BaseContext:
    """Return the multiprocessing context of all processes that hubbub starts.

    They are forked from a server process that has imported hubbub and nothing else, so torch is imported once, and
    they inherit no state of the caller. Where there is no such server (Windows) they are spawned. They ignore the
    signals that ask a process to end from their first moment on, since a terminal sends Ctrl-C to all of them: the
    caller decides what they do.

    Python lets every process import the script that was started. Here it does so only where the script registers
    something that the processes need; so other scripts need no `if __name__ == "__main__":`.

    Raises
    ------
    ConfigurationError
        The script is needed, and would start the same processes again when it is imported.
    """
    needs_script = check_script()
    method = "forkserver" if HAS_SERVER else "spawn"
    context: Any = get_context(method)
    if not needs_script:
        context = type(context)()
        context.Process = Served if HAS_SERVER else Spawned
    if HAS_SERVER:
        context.set_forkserver_preload(list(PRELOADED))
        _start_server()
    return context


_starting = threading.Lock()


@contextmanager
def _without_script() -> Iterator[None]:
    """Hide the script that was started from a process that is being started, which would import it."""
    with _starting:
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script


class Spawned(get_context("spawn").Process):  # type: ignore[misc]
    """A spawned process that does not import the script."""

    def start(self) -> None:
        """Start it."""
        with _without_script():
            super().start()


if HAS_SERVER:

    class Served(get_context("forkserver").Process):  # type: ignore[misc]
        """A process forked from the server that does not import the script."""

        def start(self) -> None:
            """Start it."""
            with _without_script():
                super().start()


def _start_server() -> None:
    """Start the server process, which inherits that signals are ignored, as do those that are forked from it."""
    from multiprocessing.forkserver import ensure_running

    is_main = threading.current_thread() is threading.main_thread()  # no other may change what a signal does
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING} if is_main else {}
    try:
        with _without_script():
            ensure_running()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
