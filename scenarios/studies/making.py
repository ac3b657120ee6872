"""Executing runs in any process: the job and its outcome."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from hubbub.simulator.errors import HubbubError
from hubbub.simulator.stopping import Interrupted
from hubbub.simulator.store.checkpoint import FOLDER as CHECKPOINTS
from hubbub.simulator.store.files import steps_in

if TYPE_CHECKING:
    from hubbub.simulator.engine import Drive


@dataclass(frozen=True)
class RunJob:
    """A run to start or to continue: its resolved configuration, its directory, and the measures of it to keep."""

    configuration: Mapping[str, Any]
    path: Path
    measures: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended: its status (finished, stopped or failed), the seconds it took, and the error message.

    Runs that were executed together count equal shares of the time.
    """

    status: str
    seconds: float = 0.0
    problem: str = ""


class RunExecutor(Protocol):
    """Executes runs in parallel: in processes of this machine, or on a cluster."""

    @property
    def capacity(self) -> int:
        """How many bundles of runs can be executed at the same time."""

    def submit(self, bundle: Sequence[RunJob]) -> Future[list[RunOutcome]]:
        """Execute runs together in one process; those submitted first start first. The future never raises."""

    def stop(self) -> None:
        """Start no other run, stop the running ones at a checkpoint, and wait until they have stopped."""

    def interrupt(self) -> None:
        """Let the runs that are being stopped not finish their steps."""

    def close(self) -> None:
        """Release all resources; no run is being executed any more."""


def make(bundle: Sequence[RunJob]) -> list[RunOutcome]:
    """Start or continue runs in this process; if there are several, they are populations that are trained together."""
    from hubbub.scenarios.studies.together import side_by_side
    from hubbub.simulator.engine import drive

    began = time.monotonic()
    makings = [partial(_make, job) for job in bundle]
    try:
        ended = side_by_side(makings) if len(makings) > 1 else [makings[0](drive)]
    except Interrupted:  # as the threads of runs side by side cannot be; each of them has stopped at its step
        ended = [("stopped", "")] * len(bundle)
    seconds = (time.monotonic() - began) / len(bundle)
    return [RunOutcome(status, seconds, problem) for status, problem in ended]


def keep_measures(path: Path, measures: Sequence[str]) -> None:
    """Compute measures of a run that are not kept in it yet; one that fails is told when its value is asked for."""
    from hubbub.analysis.run_measures import measured
    from hubbub.simulator.store import open_run

    measured(open_run(path), measures, notify=lambda _: None)


def _make(job: RunJob, driven_by: Drive) -> tuple[str, str]:
    """Start or continue one run, and return its status and error message."""
    from hubbub.scenarios.running import resume, run
    from hubbub.simulator.engine import NoProgress

    options: dict[str, Any] = {"progress": NoProgress(), "driven_by": driven_by}
    try:
        if steps_in(job.path, CHECKPOINTS):  # the caller has named these modules
            made = resume(job.path, allow_modules=True, **options)
        else:
            made = run(job.configuration, out=job.path, **options)
        if job.measures and made.status == "finished":
            keep_measures(job.path, job.measures)
        return made.status, ""
    except HubbubError as error:
        return "failed", str(error)
    except Interrupted:
        return "stopped", ""
    except BaseException as error:  # whatever it is, the runs beside it go on
        place = traceback.extract_tb(error.__traceback__)[-1]
        return "failed", f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
