"""Measuring runs once, several at a time; what was measured is kept in each run's directory."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from hubbub.scenarios.reproductions.lab import Lab
from hubbub.scenarios.reproductions.rows import Rows
from hubbub.scenarios.studies.run_maker import RunsStopped
from hubbub.simulator.errors import RunError
from hubbub.simulator.store import Run, open_run
from hubbub.simulator.store.files import Files
from hubbub.simulator.store.tables import encode, read_table


def measured(lab: Lab, runs: Sequence[Run], by: Callable[[Run], Rows]) -> list[Rows]:
    """Return the rows that `by` gives for each run, in their order, measured in as many processes as the lab has.

    They are kept as `measured/NAME-OF-BY.parquet` in the run's directory: asked again, what is there is read. `by`
    is a function at the top of a module; when it has changed, remove those files.

    Raises
    ------
    RunsStopped
        Somebody asked to stop; the same command goes on.
    RunError
        A process was killed.
    """
    file = f"measured/{by.__name__}.parquet"
    todo = [run.path for run in runs if not (run.path / file).exists()]
    if len(todo) < len(runs):
        lab.say(f"{len(runs) - len(todo)} runs were measured before, see {file} in each")
    if todo:
        workers = min(lab.workers, len(todo))
        lab.say(f"{len(todo)} runs to measure, {workers} at a time")
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context, initializer=_serve) as pool:
            measuring = {pool.submit(_measure, path, file, by): path.name for path in todo}
            try:
                for done, future in enumerate(as_completed(measuring), 1):
                    future.result()
                    lab.say(f"[{done}/{len(todo)}] {measuring[future]}: measured")
            except KeyboardInterrupt:
                raise RunsStopped("stopped; what was measured is kept, the same command goes on") from None
            except BrokenProcessPool as error:
                raise RunError("a process that measured was killed, perhaps for want of memory") from error
            finally:
                pool.shutdown(cancel_futures=True)
    return [read_table(run.path, file, {}).to_pylist() for run in runs]


def _measure(path: Path, file: str, by: Callable[[Run], Rows]) -> None:
    import pyarrow as pa

    Files(path).write(file, encode(pa.Table.from_pylist([dict(row) for row in by(open_run(path))])))


def _serve() -> None:
    """Leave signals to the parent, and end when it has ended."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
