"""What a terminal shows of a run or of a study at one moment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from hubbub.analysis.text import printable
from hubbub.scenarios.duration import duration
from hubbub.scenarios.watching.dialect_history import DialectHistory
from hubbub.scenarios.watching.plots import COLOURS, chosen, plot
from hubbub.scenarios.watching.run_status import RunStatus, RunStatuses, run_status
from hubbub.scenarios.watching.status_table import STYLES, counts_text, process_text, remarks, shown_path
from hubbub.scenarios.watching.study_status import StudyStatus, study_status
from hubbub.scenarios.watching.words import LABELS, metrics_text, speed_text, steps_text
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import open_run
from hubbub.simulator.store.curves import Curves, Series

NARROWEST, PLOT_HEIGHT = 48, 14
"""Columns that a plot needs at least, and lines that it gets."""
MOST_CURVES = 3
MOST_RUNS_DRAWN = len(COLOURS)
MOST_RUNS_LISTED = 15
MOST_METRICS_LISTED = 12


class RunPicture:
    """Shows one run; what has been read stays in memory from one moment to the next."""

    def __init__(self, path: Path, metrics: Sequence[str] = ()) -> None:
        self.path, self.wanted = path, metrics
        self.seen = self._status()
        self._curves, self._dialects = Curves(path), DialectHistory()

    def look(self) -> str:
        """Look at the run again and return its state; raise `StoreError` where it cannot be read."""
        self.seen = self._status()
        return self.seen.state

    def line(self) -> str:
        """Return what was seen, in one line."""
        return f"step {steps_text(self.seen.step, self.seen.steps)}  {printable(metrics_text(self.seen.metrics))}"

    def draw(self, width: int) -> RenderableType:
        """Return the picture of what was seen, for a terminal with so many columns."""
        seen = self.seen
        self._curves.refresh()
        names = chosen(list(self._curves.values), self.wanted, first=list(LABELS), most=MOST_CURVES)
        plots = [(name.replace("_", " "), {name: self._curves.values[name]}) for name in names]
        return Group(
            _head(seen.path, f"{seen.name} · {seen.system}", seen.state, process_text(seen.process)),
            _bar(seen.step, seen.steps, width),
            Text(_progress(seen)),
            _side_by_side(plots, width),
            *self._language(),
            _listed(seen.metrics),
            *_warned(remarks([seen])),
        )

    def _status(self) -> RunStatus:
        seen = run_status(self.path)
        if seen.state == "unreadable":
            raise StoreError(seen.problem)
        return seen

    def _language(self) -> list[RenderableType]:
        """Return a line on the dialects of the last lexicon, where there is one."""
        run = open_run(self.path)
        found = self._dialects.last(run)
        if found is None:
            return []
        step, dialects = found
        if doubt := self._dialects.why_none(run):
            return [Text(f"At step {step:,} {doubt}.", "bold")]
        sizes = ", ".join(str(int((dialects.labels == label).sum())) for label in range(dialects.n_clusters))
        silhouette = "" if math.isnan(dialects.silhouette) else f", silhouette {dialects.silhouette:.2f}"
        plural = "" if dialects.n_clusters == 1 else "s"
        return [Text(f"{dialects.n_clusters} dialect{plural} at step {step:,} (agents: {sizes}{silhouette})", "bold")]


class StudyPicture:
    """Shows one study; runs that have ended are read once."""

    def __init__(self, path: Path, metrics: Sequence[str] = ()) -> None:
        self.path, self.wanted = path, metrics
        self._statuses = RunStatuses()
        self._curves: dict[Path, Curves] = {}
        self.seen = self._status()

    def look(self) -> str:
        """Look at the study again and return its state; raise `StoreError` where it cannot be read."""
        self.seen = self._status()
        return self.seen.state

    def line(self) -> str:
        """Return what was seen, in one line."""
        return counts_text(self.seen)

    def draw(self, width: int) -> RenderableType:
        """Return the picture of what was seen, for a terminal with so many columns."""
        seen = self.seen
        ended = sum(seen.counts.get(state, 0) for state in ("finished", "failed"))
        running = [run for run in seen.runs if run.state == "running"]
        others = sorted((run for run in seen.runs if run not in running), key=lambda run: -_known(run.written))
        shown = [*running, *others]
        drawn = [run for run in shown if run.state != "unreadable"][:MOST_RUNS_DRAWN]
        left = f" · about {duration(seen.left_s)} left" if seen.state == "running" and seen.left_s > 0 else ""
        return Group(
            _head(seen.path, f"study {seen.name}", seen.state, process_text(seen.process)),
            _bar(ended, seen.n_runs, width),
            Text(f"{ended} of {seen.n_runs} runs have ended ({counts_text(seen)}){left}"),
            _side_by_side(self._plots(drawn), width),
            _run_table(shown[:MOST_RUNS_LISTED], [run.path for run in drawn]),
            *([Text(f"… and {len(shown) - MOST_RUNS_LISTED} more", "dim")] if len(shown) > MOST_RUNS_LISTED else []),
            *_warned(remarks([], [seen])),
        )

    def _status(self) -> StudyStatus:
        seen = study_status(self.path, self._statuses)
        if seen.state == "unreadable":
            raise StoreError(seen.problem)
        return seen

    def _plots(self, runs: Sequence[RunStatus]) -> list[tuple[str, dict[str, Series]]]:
        """Return title and curves of the plots of some runs."""
        values = {}
        for run in runs:
            curves = self._curves.setdefault(run.path, Curves(run.path))
            with suppress(StoreError):  # it has not begun, or is being written at this moment
                curves.refresh()
            values[run.path] = curves.values
        known = list(dict.fromkeys(name for curves in values.values() for name in curves))
        names = chosen(known, self.wanted, first=list(LABELS)[:1], most=1)
        nothing = (np.empty(0, dtype=np.int64), np.empty(0))
        return [
            (
                f"{name.replace('_', ' ')}, {len(runs)} run{'s' * (len(runs) != 1)}",
                {str(path): curves.get(name, nothing) for path, curves in values.items()},
            )
            for name in names
        ]


def _known(written: float) -> float:
    return written if math.isfinite(written) else 0.0


def _head(path: Path, about: str, state: str, process: str) -> Text:
    return Text.assemble(
        (printable(shown_path(path)), "bold"),
        f" · {printable(about)} · ",
        (state, STYLES[state]),
        f" · process {process}",
    )


def _bar(done: int, of: int | None, width: int) -> RenderableType:
    return Padding(ProgressBar(total=of, completed=done, width=min(width, 80))) if of else Text("")


def _progress(seen: RunStatus) -> str:
    parts = [f"step {steps_text(seen.step, seen.steps)}", f"{speed_text(seen.speed)} steps/s"]
    if seen.state == "running":
        parts.append(f"{duration(seen.left_s)} left")
    return " · ".join(parts)


def _side_by_side(plots: Sequence[tuple[str, dict[str, Series]]], width: int) -> RenderableType:
    """Return a plot for each title and its curves, beside each other where the terminal is wide enough."""
    beside = max(1, min(len(plots), width // NARROWEST))
    drawn = [plot(curves, width=width // beside - 1, height=PLOT_HEIGHT, title=title) for title, curves in plots]
    grid = Table.grid(padding=(0, 1, 0, 0))
    some = [one for one in drawn if one is not None]
    for start in range(0, len(some), beside):
        grid.add_row(*some[start : start + beside])
    return grid


def _listed(metrics: dict[str, float]) -> RenderableType:
    """Return the last values of metrics, in two columns."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    cells = [
        (Text(printable(name.replace("_", " ")), "dim"), Text(f"{value:.4g}"))
        for name, value in list(metrics.items())[:MOST_METRICS_LISTED]
    ]
    for start in range(0, len(cells), 2):
        table.add_row(*(part for cell in cells[start : start + 2] for part in cell))
    return table


def _run_table(runs: Sequence[RunStatus], drawn: Sequence[Path]) -> RenderableType:
    """Return a table of runs; the names of those that are drawn have the colours of their curves."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("run", "state", "step", "left", "last metrics"):
        table.add_column(name, overflow="fold", justify="right" if name in ("step", "left") else "left")
    for run in runs:
        colour = COLOURS[drawn.index(run.path)] if run.path in drawn else ""
        table.add_row(
            Text(printable(run.path.name), colour),
            Text(run.state, STYLES[run.state]),
            Text(steps_text(run.step, run.steps)),
            Text(duration(run.left_s)),
            Text(printable(metrics_text(run.metrics))),
        )
    return table


def _warned(lines: Iterable[str]) -> list[RenderableType]:
    return [Text(f"warning: {line}", "yellow") for line in lines]
