"""Executes many runs in one folder, and continues where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Protocol

from hubbub.scenarios.loading import parse
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.making import RunExecutor, RunJob, RunOutcome
from hubbub.scenarios.studies.packing import packed
from hubbub.simulator.errors import RunError, StoreError
from hubbub.simulator.stopping import signals_interrupt
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import RUN_FILE


class RunsStopped(RunError):
    """A stop was requested; all runs are saved, and the same command continues them."""


class RunProgress(Protocol):
    """Receives the progress of runs that are executed."""

    def started(self, todo: Mapping[str, Scenario]) -> None:
        """Called with the runs that are not finished yet, before they are executed."""

    def refreshed(self) -> None:
        """Called about once a second."""

    def finished(self, name: str, outcome: RunOutcome) -> None:
        """Called when a run has ended."""


class RunMaker:
    """Executes runs in parallel; called again with the same folder, it continues where it stopped.

    `executor` makes what executes the runs; it is called only if there are runs to execute. `measures` are computed
    when a run has finished, and kept in it.
    """

    def __init__(
        self,
        folder: Path,
        executor: Callable[[], RunExecutor],
        progress: RunProgress,
        *,
        measures: tuple[str, ...] = (),
    ) -> None:
        self.folder, self.executor, self.progress, self.measures = folder, executor, progress, measures
        self._stays, self._open = False, ExitStack()
        self._there: RunExecutor | None = None

    @contextmanager
    def staying(self) -> Iterator[None]:
        """Keep what executes the runs between calls of `make` inside the block, since it takes long to begin."""
        self._stays = True
        with self._open:
            yield

    def make(self, wanted: Mapping[str, Scenario]) -> dict[str, str]:
        """Execute the runs that are not finished, the longest first; return the error messages of those that failed.

        Raises
        ------
        StoreError
            A run directory exists with another configuration.
        RunsStopped
            A stop was requested.
        """
        todo = {name: scenario for name, scenario in wanted.items() if not is_finished(self.path(name), scenario)}
        if not todo:
            return {}
        self.progress.started(todo)
        ended: dict[str, RunOutcome] = {}
        futures: dict[Future[list[RunOutcome]], tuple[str, ...]] = {}
        with signals_interrupt(), self._executing() as executor:

            def collect(done: Iterable[Future[list[RunOutcome]]]) -> None:
                for future in done:
                    for name, outcome in zip(futures.pop(future), future.result(), strict=True):
                        ended[name] = outcome
                        self.progress.finished(name, outcome)

            try:
                for bundle in packed(todo, executor.capacity):
                    futures[executor.submit([self._job(*run) for run in bundle.items()])] = tuple(bundle)
                while futures and not any(outcome.status == "stopped" for outcome in ended.values()):
                    collect(wait(futures, timeout=1.0, return_when=FIRST_COMPLETED).done)
                    self.progress.refreshed()
            except KeyboardInterrupt:
                pass
            finally:
                if futures:
                    _stop(executor)
                    collect([future for future in futures if not future.cancelled()])
                    self.progress.refreshed()
        if len(ended) < len(todo) or any(outcome.status == "stopped" for outcome in ended.values()):
            raise RunsStopped("stopped; all runs are saved, the same command continues them")
        return {name: outcome.problem for name, outcome in ended.items() if outcome.status == "failed"}

    @contextmanager
    def _executing(self) -> Iterator[RunExecutor]:
        if not self._stays:
            with closing(self.executor()) as executor:
                yield executor
            return
        if self._there is None:
            self._there = self._open.enter_context(closing(self.executor()))
        yield self._there

    def path(self, name: str) -> Path:
        """Return the run directory of that name."""
        return self.folder / "runs" / name

    def _job(self, name: str, scenario: Scenario) -> RunJob:
        return RunJob(scenario.model_dump(mode="json"), self.path(name), self.measures)


def is_finished(path: Path, wanted: Scenario) -> bool:
    """Whether a folder holds a scenario's run that has finished; `StoreError` for a run of another configuration."""
    if not (path / RUN_FILE).exists():
        return False
    made, resolved = open_run(path), wanted.model_dump(mode="json")
    if made.configuration != resolved and not _is_equal(made.configuration, resolved):
        raise StoreError(f"{path}: holds a run of another configuration; choose another folder with --out")
    return made.status == "finished"


def _is_equal(stored: Mapping[str, object], wanted: Mapping[str, object]) -> bool:
    """Whether a stored configuration, perhaps of an earlier version, is the wanted one with its defaults filled in.

    The modules are compared first, since parsing imports them.
    """
    same_code = stored.get("modules", []) == wanted.get("modules", [])
    return same_code and parse(stored).model_dump(mode="json") == wanted


def _stop(executor: RunExecutor) -> None:
    """Stop all runs at their current steps; a second Ctrl-C meanwhile stops them at their last checkpoints."""
    try:
        executor.stop()
    except KeyboardInterrupt:
        executor.interrupt()
        executor.stop()
