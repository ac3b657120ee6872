"""Where the runs of a reproduction are made: a folder of runs and a few processes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any, Literal

from scenarios.loading import load
from scenarios.scenario import Scenario
from simulator.errors import HubbubError, RunError, StoreError
from simulator.store import Run, open_run
from simulator.store.checkpoint import FOLDER as CHECKPOINTS
from simulator.store.files import steps_in

Scale = Literal["small", "full"]


class LabStopped(RunError):
    """Somebody asked to stop; all runs are saved, and the same command goes on."""


@dataclass(frozen=True)
class Job:
    """One run: a scenario with overrides and a seed, kept in the folder `name`."""

    name: str
    scenario: str | Mapping[str, Any]
    overrides: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0


class Lab:
    """Makes runs, several at a time, and remembers those that are made: asked again, it goes on where it stopped."""

    def __init__(self, folder: Path, *, scale: Scale, workers: int, say: Callable[[str], None]) -> None:
        self.folder, self.scale, self.workers, self.say = folder, scale, workers, say

    @property
    def is_full(self) -> bool:
        """Whether this is the size that a paper would show."""
        return self.scale == "full"

    def run(self, jobs: Sequence[Job]) -> list[Run]:
        """Return the finished runs of `jobs`, in their order; runs that are there already are not made again.

        Raises
        ------
        RunError
            A run failed; the others are finished first.
        StoreError
            A run is there with another configuration.
        LabStopped
            Somebody asked to stop.
        """
        wanted = [load(job.scenario, {**job.overrides, "seed": job.seed}) for job in jobs]
        pairs = zip(wanted, jobs, strict=True)
        todo = [(_size(scenario), job) for scenario, job in pairs if not self._is_made(job, scenario)]
        if todo:
            self.say(f"{len(todo)} of {len(jobs)} runs to make, {min(self.workers, len(todo))} at a time")
            self._make([job for _, job in sorted(todo, key=lambda sized: sized[0], reverse=True)])
        return [open_run(self._path(job)) for job in jobs]

    def _make(self, todo: list[Job]) -> None:
        """Make runs in the order given."""
        began, problems = time.monotonic(), []
        context = get_context("spawn")
        stop, stopped = context.Event(), False
        with (
            _interrupted_by(signal.SIGTERM),
            ProcessPoolExecutor(
                min(self.workers, len(todo)), mp_context=context, initializer=_serve, initargs=(stop,)
            ) as pool,
        ):
            futures = {pool.submit(_make, job, self._path(job)): job for job in todo}
            try:
                for done, future in enumerate(as_completed(futures), start=1):
                    job, status = futures[future], future.result()
                    minutes = (time.monotonic() - began) / 60
                    self.say(f"[{done}/{len(todo)}] {job.name}: {status} ({minutes:.1f} min)")
                    if status == "stopped":
                        raise KeyboardInterrupt
                    if status != "finished":
                        problems.append(f"{job.name}: {status}")
            except KeyboardInterrupt:
                stopped = True
                stop.set()
                pool.shutdown(cancel_futures=True)
        if stopped:
            raise LabStopped("stopped; all runs are saved, the same command goes on")
        if problems:
            raise RunError("some runs failed:\n" + "\n".join(problems))

    def _is_made(self, job: Job, wanted: Scenario) -> bool:
        path = self._path(job)
        if not (path / "run.json").exists():
            return False
        made = open_run(path)
        if load(made.configuration).model_dump(mode="json") != wanted.model_dump(mode="json"):
            raise StoreError(f"{path}: holds a run of another configuration; choose another folder with --out")
        return made.status == "finished"

    def _path(self, job: Job) -> Path:
        return self.folder / "runs" / job.name


def _size(scenario: Any) -> int:
    """Return roughly how long a run takes, so that long ones begin first and no core idles at the end."""
    topology = getattr(scenario, "topology", None)
    return int(scenario.length) * int(topology.options().get("n_agents", 1) if topology else 1)


def _make(job: Job, path: Path) -> str:
    """Make or finish one run and return its status, or what went wrong."""
    global _at_work
    from scenarios.running import resume, run

    _at_work = True
    try:
        if steps_in(path, CHECKPOINTS):
            return resume(path).status
        return run(job.scenario, job.overrides, seed=job.seed, out=path).status
    except HubbubError as error:
        return str(error)
    finally:
        _at_work = False


_at_work = False
"""Whether this process, one of a pool, is making a run."""


def _serve(stop: Event) -> None:
    """Prepare a process of the pool: one thread, no signals between runs, and an end when its parent has ended."""
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


@contextmanager
def _interrupted_by(number: int) -> Iterator[None]:
    """Let a signal do what Ctrl-C does; only the main thread of a process can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(number, before)
