"""The status of runs and studies as a table for a terminal, or as values for JSON."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from hubbub.analysis.json_values import json_value
from hubbub.analysis.text import printable
from hubbub.scenarios.duration import duration
from hubbub.scenarios.watching.finding import find
from hubbub.scenarios.watching.run_status import STATES, RunStatus, RunStatuses
from hubbub.scenarios.watching.study_status import StudyStatus, study_status
from hubbub.scenarios.watching.words import metrics_text, speed_text, steps_text
from hubbub.simulator.store.process import Process

STYLES = {"running": "green", "finished": "", "stopped": "yellow", "failed": "red", "unreadable": "red"}


def statuses(paths: Iterable[Path] = ()) -> tuple[list[RunStatus], list[StudyStatus]]:
    """Return the status of the runs and of the studies that `find` finds, running ones first, then the latest."""
    found, known = find(paths), RunStatuses()
    runs = sorted((known.of(path) for path in found.runs), key=latest_first)
    return runs, [study_status(path, known) for path in found.studies]


def as_json(runs: Sequence[RunStatus], studies: Sequence[StudyStatus]) -> dict[str, Any]:
    """Return the status of runs and studies as one JSON object."""
    content: dict[str, Any] = json_value(
        {"runs": [run.as_json() for run in runs], "studies": [study.as_json() for study in studies]}
    )
    return content


def as_table(runs: Sequence[RunStatus], studies: Sequence[StudyStatus]) -> RenderableType:
    """Return a table of studies and one of runs, then what a person should look at, line by line."""
    parts: list[RenderableType] = []
    if studies:
        parts.append(_table("study", [_study_cells(study) for study in studies]))
    if runs:
        parts.append(_table("run", [_run_cells(run) for run in runs]))
    parts += [Text(line) for line in remarks(runs, studies)]
    return Group(*parts)


def remarks(runs: Sequence[RunStatus], studies: Sequence[StudyStatus] = ()) -> list[str]:
    """Return problems and warnings, a line each, with the run or the study that they are about."""
    all_runs = [*runs, *(run for study in studies for run in study.runs)]
    said = [(study.path, study.problem) for study in studies]
    said += [(run.path, line) for run in all_runs for line in (run.problem, *run.warnings)]
    return [_remark(path, line) for path, line in said if line]


def _remark(path: Path, line: str) -> str:
    return printable(line if str(path.resolve()) in line else f"{shown_path(path)}: {line}")


def shown_path(path: Path) -> str:
    """Return a path as short as it can be written from the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return os.fspath(path)


def latest_first(run: RunStatus) -> tuple[float, Path]:
    """Return the key that sorts running runs to the front, by name, and the others by when they were written."""
    if run.state == "running":
        return -math.inf, run.path
    return (-run.written if math.isfinite(run.written) else math.inf), run.path


def _table(first: str, rows: Iterable[tuple[Text, ...]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (first, "state", "step", "steps/s", "left", "last metrics", "process"):
        table.add_column(name, justify="right" if name in ("step", "steps/s", "left") else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _run_cells(run: RunStatus) -> tuple[Text, ...]:
    return (
        Text(printable(shown_path(run.path))),
        Text(run.state, STYLES[run.state]),
        Text(steps_text(run.step, run.steps)),
        Text(speed_text(run.speed)),
        Text(duration(run.left_s)),
        Text(printable(metrics_text(run.metrics))),
        Text(process_text(run.process)),
    )


def _study_cells(study: StudyStatus) -> tuple[Text, ...]:
    speed = sum(run.speed for run in study.runs if run.state == "running" and run.speed > 0)
    return (
        Text(printable(shown_path(study.path))),
        Text(study.state, STYLES[study.state]),
        Text(f"{study.n_runs} runs"),
        Text(speed_text(speed or math.nan)),
        Text(duration(study.left_s)),
        Text(counts_text(study)),
        Text(process_text(study.process)),
    )


def counts_text(study: StudyStatus) -> str:
    """Return how many runs of a study are in which state."""
    return ", ".join(f"{study.counts[state]} {state}" for state in (*STATES, "waiting") if state in study.counts)


def process_text(process: Process | None) -> str:
    """Return which process writes, and whether it is there."""
    if process is None:
        return "unknown"
    if process.released and process.is_alive:
        return printable(f"{process}, no longer writes")
    alive = {True: "alive", False: "has ended", None: "not of this machine"}[process.is_alive]
    return printable(f"{process}, {alive}")
