"""What a study is doing: how many of its runs have ended, which are running, what is left."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubbub.scenarios.watching.run_status import RunStatus, RunStatuses
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.files import STUDY_FILE, inside, read_json
from hubbub.simulator.store.lock import last_writer
from hubbub.simulator.store.process import Process
from hubbub.simulator.store.tables import read_table

TABLE = "study.parquet"


@dataclass(frozen=True)
class StudyStatus:
    """The status of a study.

    Attributes
    ----------
    path, name
        Its folder and its name.
    state
        running, finished, stopped, failed (it has ended, and runs have failed) or unreadable.
    runs
        The runs that have begun, in the order of its table.
    waiting
        The names of the runs that have not begun.
    left_s
        Estimate of the seconds that are left, NaN where there is none.
    process
        Who makes the runs, or made them last.
    problem
        Why it cannot be read.
    """

    path: Path
    name: str
    state: str
    runs: tuple[RunStatus, ...] = ()
    waiting: tuple[str, ...] = ()
    left_s: float = math.nan
    process: Process | None = None
    problem: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def n_runs(self) -> int:
        """Number of its runs."""
        return len(self.runs) + len(self.waiting)

    def as_json(self) -> dict[str, Any]:
        """Return the status as values for JSON; numbers that are not known are NaN still."""
        process = self.process
        return {
            "path": str(self.path),
            "name": self.name,
            "state": self.state,
            "counts": self.counts,
            "seconds_left": self.left_s,
            "process": process and {"pid": process.pid, "host": process.host, "alive": process.is_alive},
            "problem": self.problem,
            "waiting": list(self.waiting),
            "runs": [run.as_json() for run in self.runs],
        }


def study_status(path: Path, statuses: RunStatuses | None = None) -> StudyStatus:
    """Return the status of the study at `path`; one that cannot be read has the state "unreadable".

    `statuses` remembers the runs that have ended, from one call to the next.
    """
    known = statuses or RunStatuses()
    process = last_writer(path)
    name = path.name
    try:
        name = _name(path)
        planned = read_table(path, TABLE, {"run": "string", "problem": "string"})
        names, problems = planned["run"].to_pylist(), planned["problem"].to_pylist()
        folders = [inside(path, f"runs/{run}") for run in names]
    except StoreError as error:
        return StudyStatus(path, name, "unreadable", process=process, problem=str(error))
    runs, waiting = [], []
    for run, problem, folder in zip(names, problems, folders, strict=True):
        if folder.exists():
            runs.append(known.of(folder))
        elif problem:
            runs.append(RunStatus(folder, run, "failed", problem=problem))
        else:
            waiting.append(run)
    counts = Counter({"waiting": len(waiting)} if waiting else {})
    counts.update(run.state for run in runs)
    return StudyStatus(
        path,
        name,
        _state(counts, process),
        tuple(runs),
        tuple(waiting),
        left_s=_left(runs, len(waiting)),
        process=process,
        counts=dict(counts),
    )


def _name(path: Path) -> str:
    study = read_json(path, STUDY_FILE).get("study")
    return str(study["name"]) if isinstance(study, dict) and "name" in study else path.name


def _state(counts: Counter[str], process: Process | None) -> str:
    if (process is not None and process.is_writing) or counts["running"]:
        return "running"
    if counts["stopped"] or counts["waiting"]:
        return "stopped"
    return "failed" if counts["failed"] or counts["unreadable"] else "finished"


def _left(runs: list[RunStatus], n_waiting: int) -> float:
    """Return an estimate of the seconds that are left: the steps left, at the speed of the runs that are running.

    Runs that have not begun are taken to be as long as the others are on average.
    """
    lengths = [run.steps for run in runs if run.steps is not None]
    speed = sum(run.speed for run in runs if run.state == "running" and run.speed > 0)
    if not lengths or not speed:
        return math.nan
    begun = sum(max((run.steps or run.step) - run.step, 0) for run in runs if run.state in ("running", "stopped"))
    return (begun + n_waiting * sum(lengths) / len(lengths)) / speed
