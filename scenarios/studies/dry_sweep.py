"""What a study would take: its runs are checked, and the largest of them is begun and measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hubbub.scenarios.dry_run import Estimate, dry_run
from hubbub.scenarios.duration import duration
from hubbub.scenarios.studies.cores import cores
from hubbub.scenarios.studies.expanding import Planned, Planner
from hubbub.scenarios.studies.folder import check_folder
from hubbub.scenarios.studies.run_maker import is_finished
from hubbub.scenarios.studies.study import Study
from hubbub.scenarios.studies.sweeping import study_of
from hubbub.scenarios.studies.varied import Interval
from hubbub.simulator.memory_limit import size

MOST_SHOWN = 10


@dataclass(frozen=True)
class StudyEstimate:
    """What a study would take.

    Attributes
    ----------
    folder
        Where the study would be.
    n_runs, todo
        The number of all its runs, and those that are not finished; of an adaptive study, one for each seed in place of
        those of every trial.
    trials
        How many trials an adaptive study has; 1 for others.
    largest
        What the largest run that is to be made would take; None where none is left.
    processes
        How many runs would be made at the same time.
    """

    folder: Path
    n_runs: int
    todo: Sequence[Planned]
    trials: int
    largest: Estimate | None
    processes: int

    @property
    def n_todo(self) -> int:
        """The number of runs that are to be made."""
        return len(self.todo) * self.trials

    @property
    def seconds(self) -> float:
        """Expected duration: the work of all runs, shared by the processes, but no less than the largest run."""
        if self.largest is None:
            return 0.0
        sizes = [run.scenario.size for run in self.todo]
        work = self.trials * (sum(sizes) / max(sizes) if max(sizes) else len(sizes))
        return self.largest.seconds * max(1.0, work / self.at_once)

    @property
    def at_once(self) -> int:
        """How many processes have something to do."""
        return min(self.processes, self.n_todo)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        runs = [{"run": run.name, "seed": run.seed, **run.settings, "steps": run.scenario.length} for run in self.todo]
        largest = self.largest.as_json() if self.largest else None
        return {
            "study": str(self.folder),
            "runs": self.n_runs,
            "finished": self.n_runs - self.n_todo,
            "trials": self.trials,
            "todo": runs,
            "processes": self.at_once,
            "seconds": round(self.seconds, 1),
            "memory_bytes": largest["memory_bytes"] * self.at_once if largest else 0,
            "disk_bytes": largest["disk_bytes"] * self.n_todo if largest else 0,
            "largest": largest,
        }

    def lines(self) -> list[str]:
        """Return all of it in words."""
        said = self.as_json()
        told = [f"would make: {self.n_todo:,} of {self.n_runs:,} runs in {self.folder}"]
        if self.trials > 1:
            told.append(f"  {self.trials:,} trials, whose settings follow from the results before; the largest ones:")
        for run in self.todo[:MOST_SHOWN]:
            settings = "".join(f"{name}={value} " for name, value in run.settings.items())
            told.append(f"  {run.name}: {settings}seed={run.seed}, {run.scenario.length:,} steps")
        if len(self.todo) > MOST_SHOWN:
            told.append(f"  … and {len(self.todo) - MOST_SHOWN:,} more")
        if self.largest is None:
            return told
        return [
            *told,
            f"the largest: {self.largest.title}",
            f"time: about {duration(self.seconds)} with {self.at_once} at once; the largest run takes about "
            f"{duration(self.largest.seconds)} (measured now), the others are judged by their sizes",
            f"memory: about {size(said['memory_bytes'])}, {size(self.largest.probe.memory)} in each process",
            f"disk: at most about {size(said['disk_bytes'])}",
            "nothing was written",
        ]


def dry_sweep(
    study: Study | str | Path,
    changes: Sequence[str] | Mapping[str, Any] = (),
    *,
    mode: str | None = None,
    samples: int | None = None,
    measures: Sequence[str] | None = None,
    allow_modules: bool = False,
    out: str | Path | None = None,
    workers: int | None = None,
) -> StudyEstimate:
    """Return what a study would take, after checking all of its runs; nothing stays on the disk.

    Parameters as in `hubbub.sweep`. The largest run is begun and measured in this process, see `hubbub.dry_run`; the
    others take what their numbers of steps and their sizes say. Runs that are trained side by side take less, measures
    of runs are not counted. In an adaptive study every trial counts as the one with the last values and upper bounds.

    Raises
    ------
    HubbubError
        What `hubbub.sweep` would raise before its first run, and what `hubbub.dry_run` raises.
    """
    chosen, planned = study_of(
        study, changes, mode=mode, samples=samples, measures=measures, allow_modules=allow_modules, workers=workers
    )
    folder = Path(out if out is not None else Path("studies") / chosen.name).resolve()
    check_folder(folder, chosen)
    trials = 1
    if chosen.optuna is not None:
        trials = chosen.optuna.trials
        last = {path: got.high if isinstance(got, Interval) else got[-1] for path, got in chosen.vary.items()}
        planned = Planner(chosen).runs("N", last)
    todo = [run for run in planned if not is_finished(folder / "runs" / run.name, run.scenario)]
    largest = max((run.scenario for run in todo), key=lambda scenario: scenario.size, default=None)
    measured = None if largest is None else dry_run(largest.model_dump(mode="json"), out=folder / "runs" / "NAME")
    return StudyEstimate(folder, len(planned) * trials, todo, trials, measured, workers or cores())
