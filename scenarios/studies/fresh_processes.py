"""How processes of this machine are started."""

from __future__ import annotations

import signal
import threading
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext

from hubbub.simulator.stopping import STOPPING

PRELOADED = ("hubbub.scenarios.running", "hubbub.scenarios.systems.population")
"""What every process needs; importing it brings torch, which takes longest."""


def fresh_processes() -> BaseContext:
    """Return the multiprocessing context of all processes that hubbub starts.

    They are forked from a server process that has imported hubbub and nothing else, so torch is imported once, and
    they inherit no state of the caller. Where there is no such server (Windows) they are spawned. They ignore the
    signals that ask a process to end from their first moment on, since a terminal sends Ctrl-C to all of them: the
    caller decides what they do.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    _start_server()
    return context


def _start_server() -> None:
    """Start the server process, which inherits that signals are ignored, as do those that are forked from it."""
    from multiprocessing.forkserver import ensure_running

    is_main = threading.current_thread() is threading.main_thread()  # no other may change what a signal does
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING} if is_main else {}
    try:
        ensure_running()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
