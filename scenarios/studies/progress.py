"""How a study stands, while it runs: for nobody, in plain lines, or as a live table on a terminal."""

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
from hubbub.scenarios.studies.making import Ending
from hubbub.scenarios.studies.table import StudyTable
from hubbub.simulator.store import open_run
from hubbub.simulator.store.files import RUN_FILE, steps_in
from hubbub.simulator.store.snapshot import FOLDERS


class StudyProgress:
    """Keeps the table of a study up to date, and shows nothing."""

    def __init__(self, table: StudyTable) -> None:
        self.table = table
        self.todo: Mapping[str, Scenario] = {}
        self.done: list[str] = []
        self._sizes: dict[str, int] = {}
        self._began = time.time()

    def began(self, todo: Mapping[str, Scenario]) -> None:
        """Take note of the runs that are still to be made."""
        self.todo, self._began = todo, time.time()
        self._sizes = {name: scenario.size for name, scenario in todo.items()}

    def looked(self) -> None:
        """Write the table, if anything is new, and show nothing."""
        self.table.write()

    def ended(self, name: str, ending: Ending) -> None:
        """Put the end of a run into the table."""
        self.table.note(name, ending)
        self.done.append(name)

    def outcome(self, name: str) -> str:
        """Return how a run ended: its status and headline metrics, or what was wrong."""
        row = self.table.rows[name]
        metrics = {name: row[name] for name in self.table.metrics if row[name] is not None}
        said = (f"{name.replace('_', ' ')} {value:.3f}" for name, value in metrics.items())
        return row["problem"] or " · ".join([row["status"], *said])

    def pace(self) -> str:
        """Return how long it has taken, and by the sizes of the runs how long the rest may take."""
        passed = (time.time() - self._began) / 60
        done = sum(self._sizes[name] for name in self.done)
        rest = sum(self._sizes.values()) - done
        return f"{passed:.1f} min" + (f", about {passed * rest / done:.1f} min left" if done and rest else "")


class Lines(StudyProgress):
    """A plain line per run."""

    def began(self, todo: Mapping[str, Scenario]) -> None:
        """Say how many runs there are to make."""
        super().began(todo)
        self._say(f"{len(todo)} of {len(self.table.rows)} runs to make")

    def ended(self, name: str, ending: Ending) -> None:
        """Say how it ended."""
        super().ended(name, ending)
        self._say(f"[{len(self.done)}/{len(self.todo)}] {name}: {self.outcome(name)} ({self.pace()})")

    def _say(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


class LiveTable(StudyProgress):
    """A live table: what is being made and how far it is, then what has ended, the latest first."""

    def __init__(self, table: StudyTable, live: Live) -> None:
        super().__init__(table)
        self._live = live

    def looked(self) -> None:
        """Write the table, and draw it."""
        super().looked()
        self._live.update(self._drawn(), refresh=True)

    def _drawn(self) -> Table:
        reached = {name: self._reached(name) for name in self.todo if name not in self.done}
        at_work = {name: step for name, step in reached.items() if step is not None}
        counts = [f"{len(self.done)} of {len(self.todo)} runs ended", f"{len(at_work)} at work"]
        failed = [name for name in self.done if self.table.rows[name]["problem"]]
        if failed:
            counts.append(f"{len(failed)} failed")
        drawn = Table(title=" · ".join([*counts, self.pace()]), title_justify="left", box=None, expand=True)
        for column in ("run", *(path.rpartition(".")[2] for path in self.table.varying)):
            drawn.add_column(Text(column), no_wrap=True, min_width=max(len(column), 6))
        drawn.add_column("", no_wrap=True, ratio=1)
        ended = [name for name in reversed(self.done) if name not in failed]
        outcomes = {name: f"step {step} of {self.todo[name].length}" for name, step in at_work.items()}
        outcomes |= {name: self.outcome(name) for name in [*failed, *ended]}
        for name in list(outcomes)[: max(self._live.console.height - 4, 1)]:
            settings = self.table.planned[name].settings.values()
            drawn.add_row(*(Text(str(cell)) for cell in (name, *settings, outcomes[name])))
        return drawn

    def _reached(self, name: str) -> int | None:
        """Return the last step that a run which is being made has left on the disk; None when it is not being made."""
        path = self.table.path(name)
        if not (path / RUN_FILE).exists():
            return None
        run = open_run(path)
        updated = datetime.fromisoformat(run.info["updated"]).timestamp()
        if run.status != "running" or updated < int(self._began):
            return None
        return max([run.step, *(step for folder in FOLDERS for step in steps_in(path, folder)[-1:])])


@contextmanager
def shown(table: StudyTable) -> Iterator[StudyProgress]:
    """Yield a board on standard error: a live table on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield Lines(table)
        return
    with Live(console=Console(stderr=True), auto_refresh=False) as live:
        yield LiveTable(table, live)


@contextmanager
def hidden(table: StudyTable) -> Iterator[StudyProgress]:
    """Yield a board that nobody sees."""
    yield StudyProgress(table)
