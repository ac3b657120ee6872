"""The progress of a study: nothing, plain lines, or a live table on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.making import RunOutcome
from hubbub.scenarios.studies.table import StudyTable
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import RUN_FILE


class StudyProgress:
    """Keeps the table of a study up to date, and displays nothing."""

    def __init__(self, table: StudyTable) -> None:
        self.table = table
        self.todo: Mapping[str, Scenario] = {}
        self.done: list[str] = []
        self._sizes: dict[str, int] = {}
        self._began = time.time()

    def started(self, todo: Mapping[str, Scenario]) -> None:
        """Remember the runs that are not finished yet."""
        self.todo, self.done, self._began = todo, [], time.time()
        self._sizes = {name: scenario.size for name, scenario in todo.items()}

    def refreshed(self) -> None:
        """Write the table to its files if it has changed."""
        self.table.write()

    def finished(self, name: str, outcome: RunOutcome) -> None:
        """Put the outcome of a run into the table."""
        self.table.update(name, outcome)
        self.done.append(name)

    def said(self, line: str) -> None:
        """Receive a line about the study as a whole, such as the best trial so far."""

    def outcome(self, name: str) -> str:
        """Return status and headline metrics of a run, or its error message."""
        row = self.table.rows[name]
        metrics = {name: row[name] for name in self.table.metrics if row[name] is not None}
        said = (f"{name.replace('_', ' ')} {value:.3f}" for name, value in metrics.items())
        return row["problem"] or " · ".join([row["status"], *said])

    def times(self) -> str:
        """Return the minutes that have passed, and an estimate of those that are left, from the sizes of the runs."""
        passed = (time.time() - self._began) / 60
        done = sum(self._sizes[name] for name in self.done)
        rest = sum(self._sizes.values()) - done
        return f"{passed:.1f} min" + (f", about {passed * rest / done:.1f} min left" if done and rest else "")


class Lines(StudyProgress):
    """A plain line per run."""

    def started(self, todo: Mapping[str, Scenario]) -> None:
        """Print how many runs there are to execute."""
        super().started(todo)
        self._print(f"{len(todo)} of {len(self.table.rows)} runs to make")

    def said(self, line: str) -> None:
        """Print the line."""
        self._print(line)

    def finished(self, name: str, outcome: RunOutcome) -> None:
        """Print its outcome."""
        super().finished(name, outcome)
        self._print(f"[{len(self.done)}/{len(self.todo)}] {name}: {self.outcome(name)} ({self.times()})")

    def _print(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


class LiveTable(StudyProgress):
    """A live table: the running runs and their steps, then the finished ones, the latest first."""

    def __init__(self, table: StudyTable, live: Live) -> None:
        super().__init__(table)
        self._live = live
        self._line = ""

    def said(self, line: str) -> None:
        """Display the line above the table from now on."""
        self._line = line

    def refreshed(self) -> None:
        """Write the table to its files, and display it."""
        super().refreshed()
        self._live.update(self._rendered(), refresh=True)

    def _rendered(self) -> Table:
        reached = {name: self._reached(name) for name in self.todo if name not in self.done}
        running = {name: step for name, step in reached.items() if step is not None}
        counts = [f"{len(self.done)} of {len(self.todo)} runs ended", f"{len(running)} running"]
        failed = [name for name in self.done if self.table.rows[name]["problem"]]
        if failed:
            counts.append(f"{len(failed)} failed")
        title = " · ".join(filter(None, [self._line, *counts, self.times()]))
        table = Table(title=Text(title), title_justify="left", box=None, expand=True)
        for column in ("run", *(path.rpartition(".")[2] for path in self.table.varying)):
            table.add_column(Text(column), no_wrap=True, min_width=max(len(column), 6))
        table.add_column("", no_wrap=True, ratio=1)
        ended = [name for name in reversed(self.done) if name not in failed]
        outcomes = {name: f"step {step} of {self.todo[name].length}" for name, step in running.items()}
        outcomes |= {name: self.outcome(name) for name in [*failed, *ended]}
        for name in list(outcomes)[: max(self._live.console.height - 4, 1)]:
            settings = self.table.planned[name].settings.values()
            table.add_row(*(Text(str(cell)) for cell in (name, *settings, outcomes[name])))
        return table

    def _reached(self, name: str) -> int | None:
        """Return the last step that a running run has written; None if it is not running."""
        path = self.table.path(name)
        if not (path / RUN_FILE).exists():
            return None
        run = open_run(path)
        updated = datetime.fromisoformat(run.info["updated"]).timestamp()
        if run.status != "running" or updated < int(self._began):
            return None
        return run.last_recorded


@contextmanager
def progress_display(table: StudyTable) -> Iterator[StudyProgress]:
    """Yield a display on standard error: a live table on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield Lines(table)
        return
    with Live(console=Console(stderr=True), auto_refresh=False) as live:
        yield LiveTable(table, live)


@contextmanager
def no_display(table: StudyTable) -> Iterator[StudyProgress]:
    """Yield progress that displays nothing."""
    yield StudyProgress(table)
