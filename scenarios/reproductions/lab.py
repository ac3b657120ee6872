"""Where the runs of a reproduction are made."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from hubbub.scenarios.loading import load
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.making import RunOutcome
from hubbub.scenarios.studies.processes import Processes
from hubbub.scenarios.studies.run_maker import RunMaker
from hubbub.simulator.errors import RunError
from hubbub.simulator.store import Run, open_run

Scale = Literal["small", "full"]


@dataclass(frozen=True)
class Job:
    """One run: a scenario with overrides and a seed, kept in the folder `name`."""

    name: str
    scenario: str | Mapping[str, Any]
    overrides: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0


class Lab:
    """Makes the runs that a reproduction asks for, at one of two scales."""

    def __init__(self, folder: Path, *, scale: Scale, workers: int, say: Callable[[str], None]) -> None:
        self.folder, self.scale, self.workers, self.say = folder, scale, workers, say
        self._runs = RunMaker(folder, partial(Processes, workers), Said(say, workers))

    @property
    def is_full(self) -> bool:
        """Whether this is the size that a paper would show."""
        return self.scale == "full"

    def run(self, jobs: Sequence[Job]) -> list[Run]:
        """Return the finished runs of `jobs`, in their order; runs that are there already are not made again.

        Raises
        ------
        RunError
            A run failed; the others are finished first.
        StoreError
            A run is there with another configuration.
        RunsStopped
            Somebody asked to stop.
        """
        wanted = {job.name: load(job.scenario, {**job.overrides, "seed": job.seed}) for job in jobs}
        problems = self._runs.make(wanted)
        if problems:
            raise RunError("some runs failed:\n" + "\n".join(f"{name}: {said}" for name, said in problems.items()))
        return [open_run(self._path(job)) for job in jobs]

    def _path(self, job: Job) -> Path:
        return self._runs.path(job.name)


class Said:
    """Tells of runs in lines."""

    def __init__(self, say: Callable[[str], None], workers: int) -> None:
        self.say, self.workers = say, workers
        self._all, self._done, self._began = 0, 0, 0.0

    def started(self, todo: Mapping[str, Scenario]) -> None:
        """Say how many runs there are to make."""
        self._all, self._done, self._began = len(todo), 0, time.monotonic()
        self.say(f"{len(todo)} runs to make, {min(self.workers, len(todo))} at a time")

    def refreshed(self) -> None:
        """Say nothing."""

    def finished(self, name: str, ending: RunOutcome) -> None:
        """Say how it ended."""
        self._done += 1
        minutes = (time.monotonic() - self._began) / 60
        self.say(f"[{self._done}/{self._all}] {name}: {ending.problem or ending.status} ({minutes:.1f} min)")
