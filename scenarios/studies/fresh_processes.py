"""How processes of this machine are started."""

from __future__ import annotations

from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext

PRELOADED = ("hubbub.scenarios.running", "hubbub.scenarios.systems.population")
"""What every process needs; importing it brings torch, which takes longest."""


def fresh_processes() -> BaseContext:
    """Return the multiprocessing context of all processes that hubbub starts.

    They are forked from a server process that has imported hubbub and nothing else, so torch is imported once, and
    they inherit no state of the caller. Where there is no such server (Windows) they are spawned.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context
