"""The progress of a run: a bar where something can be drawn again, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress

from hubbub.scenarios.duration import duration
from hubbub.scenarios.watching.words import metrics_text
from hubbub.simulator.engine import NoProgress, Progress, System

SEPARATOR = " · "
WINDOW_S = 60.0


def is_shown() -> bool:
    """Whether somebody sees a display: on a terminal, and in a notebook."""
    return sys.stderr.isatty() or Console().is_jupyter


def can_draw_again() -> bool:
    """Whether a bar can move: on a terminal, and in a notebook that has widgets."""
    return sys.stderr.isatty() or (Console().is_jupyter and find_spec("ipywidgets") is not None)


@contextmanager
def progress_display(*, quiet: bool) -> Iterator[Progress]:
    """Yield a progress display on standard error: a bar or plain lines, or nothing if `quiet`."""
    if quiet:
        yield NoProgress()
    elif can_draw_again():
        columns = (
            TextColumn("step"),
            MofNCompleteColumn(),
            BarColumn(bar_width=16),
            TextColumn("{task.description}"),
            TimeRemainingColumn(),
        )
        with RichProgress(*columns, console=Console(stderr=True)) as display:
            yield Bar(display)
    else:
        yield Lines()


class Throughput:
    """Work and steps per second in the last minute.

    Work of an earlier process does not count, nor do the first steps of this one, which may wait for a compiler.
    """

    def __init__(self) -> None:
        self._from: int | None = None
        self._seen: deque[tuple[float, int, int]] = deque()
        self._text = ""
        self.left = ""

    def update(self, system: System, until: int) -> None:
        """Measure the work that was done until now, and estimate the time that is left."""
        if self._from is None:
            self._from = system.now
        if system.now == self._from:
            return
        unit, done = system.work
        now = time.monotonic()
        while len(self._seen) > 1 and self._seen[1][0] < now - WINDOW_S:
            self._seen.popleft()
        if self._seen and now > self._seen[0][0]:
            began, done_then, step_then = self._seen[0]
            self._text = f"{(done - done_then) / (now - began):,.0f} {unit}/s"
            if system.now > step_then:
                self.left = f"{duration((until - system.now) * (now - began) / (system.now - step_then))} left"
        if not self._seen or now > self._seen[-1][0] + WINDOW_S / 100:
            self._seen.append((now, done, system.now))

    def __str__(self) -> str:
        return self._text


class Lines:
    """One plain line for each record."""

    def __init__(self) -> None:
        self.throughput = Throughput()
        self.until: int | None = None

    def advanced(self, system: System, until: int) -> None:
        """Measure the throughput."""
        self.until = until
        self.throughput.update(system, until)

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        """Write the line."""
        at, left = f"step {step}", ""
        if self.until is not None:
            at, left = f"{at} of {self.until}", self.throughput.left if step < self.until else ""
        sys.stderr.write(
            "  ".join(part for part in (at, metrics_text(metrics), str(self.throughput), left) if part) + "\n"
        )
        sys.stderr.flush()

    def noticed(self, message: str) -> None:
        """Write the message."""
        sys.stderr.write(f"hubbub: {message}\n")

    def waiting(self, message: str) -> None:
        """Write nothing: lines are for results."""


class Bar:
    """A bar that moves with every step and shows the last record."""

    def __init__(self, display: RichProgress) -> None:
        self.display = display
        self.task = display.add_task("", total=None)
        self.throughput, self.last = Throughput(), ""

    def advanced(self, system: System, until: int) -> None:
        """Move the bar."""
        self.throughput.update(system, until)
        description = " · ".join(part for part in (self.last, str(self.throughput)) if part)
        self.display.update(self.task, completed=system.now, total=until, description=description)

    def recorded(self, step: int, metrics: dict[str, float]) -> None:
        """Keep the metrics that the bar shows."""
        self.last = metrics_text(metrics).split(SEPARATOR)[0]  # no more: the line should fit a terminal of 80 columns

    def noticed(self, message: str) -> None:
        """Write the message above the bar."""
        self.display.console.print(f"hubbub: {message}", markup=False, highlight=False)

    def waiting(self, message: str) -> None:
        """Show the message until the bar moves."""
        self.display.update(self.task, description=message)
