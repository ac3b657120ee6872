"""What a run is doing: how far it is, how fast, by which process, and what is wrong."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from hubbub.scenarios.duration import duration
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Run, open_run
from hubbub.simulator.store.curves import Curves, last_metrics
from hubbub.simulator.store.files import RUN_FILE, resume_command
from hubbub.simulator.store.lock import last_writer
from hubbub.simulator.store.manifest import MANIFEST_FILE
from hubbub.simulator.store.process import Process

STATES = ("running", "finished", "stopped", "failed", "unreadable")
LONGEST_QUIET_S = 60.0
"""A run that has recorded nothing for so long has stalled, where it should have."""
LONGEST_START_S = 300.0
"""The same for a run of which no speed is known yet; it may wait for a compiler."""
RECORDS_MISSED = 10


@dataclass(frozen=True)
class RunStatus:
    """The status of a run.

    Attributes
    ----------
    path, name, system
        Its folder, the name of its scenario, its kind of system.
    state
        running, finished, stopped (also one whose process has gone without a word), failed or unreadable.
    step, steps
        The last step of which anything is on the disk, and how many there will be (None: not known).
    speed
        Steps per second at last, NaN where it is not known.
    left_s
        Estimate of the seconds that are left, NaN where there is none.
    written
        When anything was written last, in seconds since 1970, NaN where that is not known.
    metrics
        The last values of the metrics that describe the whole system.
    process
        Who writes it, or wrote it last.
    problem
        Why it failed or cannot be read.
    warnings
        What a person should look at.
    """

    path: Path
    name: str
    state: str
    system: str = ""
    step: int = 0
    steps: int | None = None
    speed: float = math.nan
    left_s: float = math.nan
    written: float = math.nan
    metrics: dict[str, float] = field(default_factory=dict)
    process: Process | None = None
    problem: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more, unless somebody goes on with it."""
        return self.state in ("finished", "failed")

    def as_json(self) -> dict[str, Any]:
        """Return the status as values for JSON; numbers that are not known are NaN still."""
        process = self.process
        return {
            "path": str(self.path),
            "name": self.name,
            "system": self.system,
            "state": self.state,
            "step": self.step,
            "steps": self.steps,
            "steps_per_second": self.speed,
            "seconds_left": self.left_s,
            "written": None if math.isnan(self.written) else datetime.fromtimestamp(self.written, UTC).isoformat(),
            "metrics": self.metrics,
            "process": process and {"pid": process.pid, "host": process.host, "alive": process.is_alive},
            "problem": self.problem,
            "warnings": list(self.warnings),
        }


class RunStatuses:
    """The status of runs, again and again; runs that have ended are read once, as long as their files are the same."""

    def __init__(self) -> None:
        self._ended: dict[Path, tuple[tuple[int, ...], RunStatus]] = {}

    def of(self, path: Path) -> RunStatus:
        """Return what `run_status` returns."""
        stamp = tuple(_changed(path / name) for name in (RUN_FILE, MANIFEST_FILE))
        if path in self._ended and self._ended[path][0] == stamp:
            return self._ended[path][1]
        found = run_status(path)
        if found.has_ended:
            self._ended[path] = (stamp, found)
        return found


def run_status(path: Path) -> RunStatus:
    """Return the status of the run at `path`; one that cannot be read has the state "unreadable"."""
    process = last_writer(path)
    try:
        return _status(open_run(path), path, process)
    except StoreError as error:
        return RunStatus(path, path.name, "unreadable", process=process, problem=str(error))


def _changed(file: Path) -> int:
    """Return when a file was changed, in nanoseconds since 1970; 0 for one that is not there."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _status(run: Run, path: Path, process: Process | None) -> RunStatus:
    now = time.time()
    steps, times = _times(run, path)
    written = max(times, default=now)
    state = run.status
    gone = state == "running" and process is not None and process.is_writing is False
    if gone:
        state = "stopped"
    of, speed = _total(run), _speed(steps, times, began_at=_begin(run))
    step = run.last_recorded
    left = max((of - step) / speed - (now - written), 0.0) if of is not None and speed > 0 else math.nan
    metrics = last_metrics(path)
    warnings = [f"diverged: {name} is {metrics[name]}" for name in _diverged(path, metrics)]
    if gone:
        warnings.append(f"its process {process} has ended without a word; `{resume_command(path)}` goes on")
    elif state == "running" and now - written > _longest_quiet(run, speed):
        warnings.append(f"stalled: nothing was recorded for {duration(now - written)}")
    return RunStatus(
        path,
        str(run.info["name"]),
        state,
        system=str(run.info["configuration"].get("system", "population")),
        step=step,
        steps=of,
        speed=speed,
        left_s=left if state == "running" else math.nan,
        written=written,
        metrics=metrics,
        process=process,
        problem=str(run.info.get("problem", "")) if state == "failed" else "",
        warnings=tuple(warnings),
    )


def _total(run: Run) -> int | None:
    """Return how many steps there will be; None where `run.json` does not say."""
    total = run.info["steps"].get("to") if isinstance(run.info.get("steps"), dict) else None
    return total if type(total) is int and total >= 0 else None


def _begin(run: Run) -> int:
    """Return the step from which the process that wrote last has gone on."""
    begin = run.info["steps"].get("from") if isinstance(run.info.get("steps"), dict) else None
    return begin if type(begin) is int else 0


def _times(run: Run, path: Path) -> tuple[list[int], list[float]]:
    """Return steps that the run has reached and when it was there, in seconds since 1970, ascending."""
    steps, times = [], []
    said = run.info.get("steps")
    for entry in said.get("reached", ()) if isinstance(said, dict) else ():
        try:
            step, text = entry
            when = datetime.fromisoformat(text).timestamp()
        except (TypeError, ValueError, OverflowError):
            continue
        if type(step) is int:
            steps.append(step)
            times.append(when)
    if run.status == "running" or not times:
        steps.append(run.last_recorded)
        times.append(_changed(path / MANIFEST_FILE) / 1e9)
    return steps, times


def _speed(steps: list[int], times: list[float], *, began_at: int) -> float:
    """Return steps per second; those until the first known time count only where there is nothing later."""
    later = [(step, when) for step, when in zip(steps, times, strict=True) if step > began_at]
    if len({step for step, _ in later}) < 2:
        later = list(zip(steps, times, strict=True))
    if not later:
        return math.nan
    (first, begin), (last, end) = min(later), max(later)
    return (last - first) / (end - begin) if last > first and end > begin else math.nan


def _diverged(path: Path, metrics: dict[str, float]) -> list[str]:
    """Return the metrics that were finite and are not any more."""
    suspects = [name for name, value in metrics.items() if not math.isfinite(value)]
    if not suspects:
        return []
    curves = Curves(path)
    curves.refresh()
    return [name for name in suspects if name in curves.values and np.isfinite(curves.values[name][1]).any()]


def _longest_quiet(run: Run, speed: float) -> float:
    """Return for how many seconds a run may write nothing before it counts as stalled."""
    engine = run.info["configuration"].get("engine")
    every = engine.get("record_every") if isinstance(engine, dict) else None
    if type(every) is not int or not speed > 0:
        return LONGEST_START_S
    return max(LONGEST_QUIET_S, RECORDS_MISSED * every / speed)
