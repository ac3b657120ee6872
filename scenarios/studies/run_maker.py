"""The one place where many runs are made: a folder of runs, and those who make them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from hubbub.scenarios.loading import parse
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.making import Ending, Makers, Work
from hubbub.scenarios.studies.packing import packed
from hubbub.simulator.errors import RunError, StoreError
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import RUN_FILE


class RunsStopped(RunError):
    """Somebody asked to stop; all runs are saved, and the same command goes on."""


class RunProgress(Protocol):
    """What is told of runs being made."""

    def began(self, todo: Mapping[str, Scenario]) -> None:
        """Take note of the runs that are still to be made."""

    def looked(self) -> None:
        """Take note that a second has passed, or that runs have ended."""

    def ended(self, name: str, ending: Ending) -> None:
        """Take note of how a run ended."""


class RunMaker:
    """Makes runs, several at a time, and remembers those that are made: asked again, it goes on where it stopped.

    `makers` is called when there are runs to make, and closed when they are made.
    """

    def __init__(self, folder: Path, makers: Callable[[], Makers], watch: RunProgress) -> None:
        self.folder, self.makers, self.watch = folder, makers, watch

    def make(self, wanted: Mapping[str, Scenario]) -> dict[str, str]:
        """Make the runs that are not made yet, the longest first; return what was wrong with those that failed.

        Raises
        ------
        StoreError
            A run is there with another configuration.
        RunsStopped
            Somebody asked to stop.
        """
        todo = {name: scenario for name, scenario in wanted.items() if not self._is_made(name, scenario)}
        if not todo:
            return {}
        self.watch.began(todo)
        ended: dict[str, Ending] = {}
        futures: dict[Future[list[Ending]], tuple[str, ...]] = {}
        with closing(self.makers()) as makers, _interrupted_by(signal.SIGTERM):

            def note(done: Iterable[Future[list[Ending]]]) -> None:
                for future in done:
                    for name, ending in zip(futures.pop(future), future.result(), strict=True):
                        ended[name] = ending
                        self.watch.ended(name, ending)

            try:
                for bundle in packed(todo, makers.places):
                    futures[makers.submit([self._work(*run) for run in bundle.items()])] = tuple(bundle)
                while futures and not any(ending.status == "stopped" for ending in ended.values()):
                    note(wait(futures, timeout=1.0, return_when=FIRST_COMPLETED).done)
                    self.watch.looked()
            except KeyboardInterrupt:
                pass
            finally:
                if futures:
                    makers.stop()
                    note([future for future in futures if not future.cancelled()])
                    self.watch.looked()
        if len(ended) < len(todo) or any(ending.status == "stopped" for ending in ended.values()):
            raise RunsStopped("stopped; all runs are saved, the same command goes on")
        return {name: ending.problem for name, ending in ended.items() if ending.status == "failed"}

    def path(self, name: str) -> Path:
        """Return the run directory of that name."""
        return self.folder / "runs" / name

    def _work(self, name: str, scenario: Scenario) -> Work:
        return Work(scenario.model_dump(mode="json"), self.path(name))

    def _is_made(self, name: str, wanted: Scenario) -> bool:
        path = self.path(name)
        if not (path / RUN_FILE).exists():
            return False
        made, resolved = open_run(path), wanted.model_dump(mode="json")
        if made.configuration != resolved and not _says_the_same(made.configuration, resolved):
            raise StoreError(f"{path}: holds a run of another configuration; choose another folder with --out")
        return made.status == "finished"


def _says_the_same(stored: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Whether a stored configuration, perhaps of an earlier version, is the wanted one with its defaults filled in.

    Parsing imports the modules that it names, so these are compared first.
    """
    same_code = stored.get("modules", []) == wanted.get("modules", [])
    return same_code and parse(stored).model_dump(mode="json") == wanted


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
