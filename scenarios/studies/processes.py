"""Processes of this machine that execute runs."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import parent_process
from multiprocessing.synchronize import Event
from queue import LifoQueue

from hubbub.scenarios.studies.fresh_processes import fresh_processes
from hubbub.scenarios.studies.making import RunJob, RunOutcome, make


class Processes:
    """A number of processes, each of which executes one bundle after the other; if one dies, only its runs fail."""

    def __init__(self, workers: int) -> None:
        self.capacity = workers
        self._context = fresh_processes()
        self._stop = self._context.Event()
        self._threads = ThreadPoolExecutor(workers)
        self._idle: LifoQueue[ProcessPoolExecutor] = LifoQueue()
        for _ in range(workers):
            self._idle.put(self._process())

    def submit(self, bundle: Sequence[RunJob]) -> Future[list[RunOutcome]]:
        """Execute runs together in one process; those submitted first start first."""
        return self._threads.submit(self._make, bundle)

    def stop(self) -> None:
        """Start no other run, stop the running ones at a checkpoint, and wait until they have stopped."""
        self._stop.set()
        self._threads.shutdown(cancel_futures=True)

    def close(self) -> None:
        """End the processes."""
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().shutdown()

    def _make(self, bundle: Sequence[RunJob]) -> list[RunOutcome]:
        process = self._idle.get()
        try:
            return process.submit(_make, bundle).result()
        except BrokenProcessPool:
            process = self._process()
            problem = "its process was killed, perhaps because memory ran out"
            return [RunOutcome("failed", problem=problem)] * len(bundle)
        finally:
            self._idle.put(process)

    def _process(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=self._context, initializer=_prepare, initargs=(self._stop,))


_busy = False
"""Whether this process is executing a run."""


def _make(bundle: Sequence[RunJob]) -> list[RunOutcome]:
    global _busy
    _busy = True
    try:
        return make(bundle)
    finally:
        _busy = False


def _prepare(stop: Event) -> None:
    """Prepare a process: one thread, no signals between runs, and exit when the parent process has ended."""
    os.environ["OMP_NUM_THREADS"] = "1"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a run has signal handlers of its own
    threading.Thread(target=_watch, args=(stop,), daemon=True).start()


def _watch(stop: Event) -> None:
    """Stop the running run once `stop` is set or the parent process has ended."""
    parent = parent_process()
    assert parent is not None
    while not stop.wait(1.0) and parent.is_alive():
        pass
    while _busy:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1.0)
    if not parent.is_alive():
        os._exit(1)
