"""The runs of a reproduction in one folder: made once, measured once, several at a time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path

from hubbub.analysis.files import write_inside
from hubbub.scenarios.loading import load
from hubbub.scenarios.reproductions.design import Design, Job
from hubbub.scenarios.reproductions.table import Row, Rows
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.fresh_processes import fresh_processes
from hubbub.scenarios.studies.making import RunOutcome
from hubbub.scenarios.studies.processes import Processes
from hubbub.scenarios.studies.run_maker import RunMaker, RunsStopped
from hubbub.simulator.errors import RunError
from hubbub.simulator.stopping import STOPPING, signals_interrupt
from hubbub.simulator.store import Run, open_run
from hubbub.simulator.store.tables import encode, read_table


@dataclass(frozen=True)
class MadeRun:
    """A finished run, its key in the table, and the design that it belongs to."""

    key: Row
    run: Run
    design: Design


class MadeRuns(tuple[MadeRun, ...]):
    """All finished runs of a reproduction."""

    def find(self, **key: object) -> Run:
        """Return the one run with these levels and seed."""
        [found] = [made.run for made in self if all(made.key.get(name) == value for name, value in key.items())]
        return found


class RunSet:
    """Makes and measures the runs that a reproduction asks for; what is there already is taken as it is."""

    def __init__(self, folder: Path, *, workers: int, say: Callable[[str], None]) -> None:
        self.folder, self.workers, self.say = folder, workers, say
        self._runs = RunMaker(folder, partial(Processes, workers), Told(say, workers))

    def made(self, designs: Iterable[Design]) -> MadeRuns:
        """Return the finished runs of the designs, in their order."""
        jobs = [(job, design) for design in designs for job in design.jobs()]
        runs = self.run([job for job, _ in jobs])
        return MadeRuns(MadeRun(job.key, run, design) for (job, design), run in zip(jobs, runs, strict=True))

    def run(self, jobs: Sequence[Job]) -> list[Run]:
        """Return the finished runs of `jobs`, in their order; runs that are there already are not made again.

        Raises
        ------
        RunError
            A run failed; the others are finished first.
        StoreError
            A run is there with another configuration.
        RunsStopped
            Somebody asked to stop.
        """
        wanted = {job.name: load(job.scenario, {**job.overrides, "seed": job.seed}) for job in jobs}
        problems = self._runs.make(wanted)
        if problems:
            raise RunError("some runs failed:\n" + "\n".join(f"{name}: {said}" for name, said in problems.items()))
        return [open_run(self.path(job)) for job in jobs]

    def path(self, job: Job) -> Path:
        """Return the run directory of a job."""
        return self._runs.path(job.name)

    def rows(self, made: MadeRuns) -> list[Row]:
        """Return the rows of all runs, each measured by its design, with the key of the run before them."""
        slow: dict[Callable[[Run], Row | Rows], list[Run]] = {}
        for one in made:
            if one.design.is_slow:
                slow.setdefault(one.design.measure, []).append(one.run)
        kept = {
            run.path: rows for by, runs in slow.items() for run, rows in zip(runs, self.measured(runs, by), strict=True)
        }
        if made and not slow:
            self.say("measuring")
        return [
            {**one.key, **row}
            for one in made
            for row in (kept[one.run.path] if one.design.is_slow else _as_rows(one.design.measure(one.run)))
        ]

    def measured(self, runs: Sequence[Run], by: Callable[[Run], Row | Rows]) -> list[Rows]:
        """Return the rows that `by` gives for each run, in their order, measured in several processes.

        They are kept as `measured/NAME-OF-BY.parquet` in the run's directory: asked again, what is there is read. `by`
        is a function at the top of a module; when it has changed, remove those files.

        Raises
        ------
        RunsStopped
            Somebody asked to stop; the same command continues them.
        RunError
            A process was killed.
        """
        file = f"measured/{by.__name__}.parquet"
        todo = [run.path for run in runs if not (run.path / file).exists()]
        if len(todo) < len(runs):
            self.say(f"{len(runs) - len(todo)} runs were measured before, see {file} in each")
        if todo:
            workers = min(self.workers, len(todo))
            self.say(f"{len(todo)} runs to measure, {workers} at a time")
            context = fresh_processes()
            stop = context.Event()
            with (
                signals_interrupt(),
                ProcessPoolExecutor(workers, mp_context=context, initializer=_serve, initargs=(stop,)) as pool,
            ):
                measuring = {pool.submit(_measure, path, file, by): path.name for path in todo}
                try:
                    for done, future in enumerate(as_completed(measuring), 1):
                        future.result()
                        self.say(f"[{done}/{len(todo)}] {measuring[future]}: measured")
                except KeyboardInterrupt:
                    stop.set()
                    raise RunsStopped("stopped; what was measured is kept, the same command continues them") from None
                except BrokenProcessPool as error:
                    raise RunError("a process that measured was killed, perhaps for want of memory") from error
                finally:
                    pool.shutdown(cancel_futures=True)
        return [read_table(run.path, file, {}).to_pylist() for run in runs]


class Told:
    """Tells of runs in lines."""

    def __init__(self, say: Callable[[str], None], workers: int) -> None:
        self.say, self.workers = say, workers
        self._all, self._done, self._began = 0, 0, 0.0

    def started(self, todo: Mapping[str, Scenario]) -> None:
        """Say how many runs there are to make."""
        self._all, self._done, self._began = len(todo), 0, time.monotonic()
        self.say(f"{len(todo)} runs to make, {min(self.workers, len(todo))} at a time")

    def refreshed(self) -> None:
        """Say nothing."""

    def finished(self, name: str, ending: RunOutcome) -> None:
        """Say how it ended."""
        self._done += 1
        minutes = (time.monotonic() - self._began) / 60
        self.say(f"[{self._done}/{self._all}] {name}: {ending.problem or ending.status} ({minutes:.1f} min)")


def _as_rows(measured: Row | Rows) -> Rows:
    return [measured] if isinstance(measured, Mapping) else measured


def _measure(path: Path, file: str, by: Callable[[Run], Row | Rows]) -> None:
    import pyarrow as pa

    rows = _as_rows(by(open_run(path)))
    names = dict.fromkeys(name for row in rows for name in row)
    write_inside(path, file, encode(pa.table({name: [row.get(name) for row in rows] for name in names})))


def _serve(stop: Event) -> None:
    """Leave signals to the parent, and end when it says so or has ended; a measurement is written whole or not."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(stop,), daemon=True).start()


def _end_with_parent(stop: Event) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    while not stop.wait(1.0) and parent.is_alive():
        pass
    os._exit(1)
