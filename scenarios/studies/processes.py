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
from hubbub.simulator.stopping import STOPPING


class Processes:
    """A number of processes, each of which executes one bundle after the other; if one dies, only its runs fail."""

    def __init__(self, workers: int) -> None:
        self.capacity = workers
        self._context = fresh_processes()
        self._stop, self._interrupt = self._context.Event(), self._context.Event()
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

    def interrupt(self) -> None:
        """Let the runs that are being stopped not finish their steps."""
        self._interrupt.set()

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
            if self._stop.is_set():
                return [RunOutcome("stopped")] * len(bundle)
            problem = "its process was killed, perhaps because memory ran out"
            return [RunOutcome("failed", problem=problem)] * len(bundle)
        finally:
            self._idle.put(process)

    def _process(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1, mp_context=self._context, initializer=_prepare, initargs=(self._stop, self._interrupt)
        )


_busy = False
"""Whether this process is executing a run."""


def _make(bundle: Sequence[RunJob]) -> list[RunOutcome]:
    global _busy
    _busy = True
    try:
        return make(bundle)
    finally:
        _busy = False


def _prepare(stop: Event, interrupt: Event) -> None:
    """Prepare a process: one thread, no signals between runs, and exit when the parent process has ended."""
    os.environ["OMP_NUM_THREADS"] = "1"
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)  # a run has signal handlers of its own
    threading.Thread(target=_watch, args=(stop, interrupt), daemon=True).start()


def _watch(stop: Event, interrupt: Event) -> None:
    """Stop any run once `stop` is set or the parent process has ended, without its step when `interrupt` is set."""
    parent = parent_process()
    assert parent is not None
    while True:
        stop.wait(1.0)
        if _busy and (stop.is_set() or not parent.is_alive()):
            os.kill(os.getpid(), signal.SIGINT if interrupt.is_set() else signal.SIGTERM)
        elif not parent.is_alive():
            os._exit(1)
        if stop.is_set():
            time.sleep(0.5)
