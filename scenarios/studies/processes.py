"""Processes of this machine that make runs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from queue import LifoQueue

from hubbub.scenarios.studies.making import Ending, Work, make


class Processes:
    """So many processes, each of which makes one bundle after the other; one that dies takes only its runs with it."""

    def __init__(self, workers: int) -> None:
        self.places = workers
        self._context = get_context("spawn")
        self._stop = self._context.Event()
        self._threads = ThreadPoolExecutor(workers)
        self._idle: LifoQueue[ProcessPoolExecutor] = LifoQueue()
        for _ in range(workers):
            self._idle.put(self._process())

    def submit(self, bundle: Sequence[Work]) -> Future[list[Ending]]:
        """Have runs made side by side in one process; those submitted first begin first."""
        return self._threads.submit(self._make, bundle)

    def stop(self) -> None:
        """Begin no other run, let those that are being made stop at a checkpoint, and wait for that."""
        self._stop.set()
        self._threads.shutdown(cancel_futures=True)

    def close(self) -> None:
        """End the processes."""
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().shutdown()

    def _make(self, bundle: Sequence[Work]) -> list[Ending]:
        process = self._idle.get()
        try:
            return process.submit(_make, bundle).result()
        except BrokenProcessPool:
            process = self._process()
            problem = "the process that made it was killed, perhaps for want of memory"
            return [Ending("failed", problem=problem)] * len(bundle)
        finally:
            self._idle.put(process)

    def _process(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=self._context, initializer=_serve, initargs=(self._stop,))


_at_work = False
"""Whether this process, one of a lab, is making a run."""


def _make(bundle: Sequence[Work]) -> list[Ending]:
    global _at_work
    _at_work = True
    try:
        return make(bundle)
    finally:
        _at_work = False


def _serve(stop: Event) -> None:
    """Prepare a process: one thread, no signals between runs, and an end when its parent has ended."""
    os.environ["OMP_NUM_THREADS"] = "1"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # while a run is made, it minds them itself
    threading.Thread(target=_watch, args=(stop,), daemon=True).start()


def _watch(stop: Event) -> None:
    """Ask the run that is being made to stop once `stop` is set or the parent is gone."""
    parent = parent_process()
    assert parent is not None
    while not stop.wait(1.0) and parent.is_alive():
        pass
    while _at_work:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1.0)
    if not parent.is_alive():
        os._exit(1)
