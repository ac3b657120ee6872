"""Making a run, in whatever process: what is asked for, and how it ended."""

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
from hubbub.simulator.store.checkpoint import FOLDER as CHECKPOINTS
from hubbub.simulator.store.files import steps_in

if TYPE_CHECKING:
    from hubbub.simulator.engine import Drive


@dataclass(frozen=True)
class Work:
    """A run to make, or to go on with: its resolved configuration and its directory."""

    configuration: Mapping[str, Any]
    path: Path


@dataclass(frozen=True)
class Ending:
    """How the making of a run ended: finished, stopped or failed, how long it took, and what was wrong.

    Runs that were made side by side have taken equal shares of the time.
    """

    status: str
    seconds: float = 0.0
    problem: str = ""


class Makers(Protocol):
    """Those who make runs, several at a time: processes of this machine, a cluster."""

    @property
    def places(self) -> int:
        """How many can be made at the same time."""

    def submit(self, bundle: Sequence[Work]) -> Future[list[Ending]]:
        """Have runs made side by side in one process; those submitted first begin first. The future never fails."""

    def stop(self) -> None:
        """Begin no other run, let those that are being made stop at a checkpoint, and wait for that."""

    def close(self) -> None:
        """Let go of everything; nothing is being made any more."""


def make(bundle: Sequence[Work]) -> list[Ending]:
    """Make runs, or go on with them, in this process; several are populations that are trained side by side."""
    from hubbub.scenarios.studies.together import side_by_side
    from hubbub.simulator.engine import drive

    began = time.monotonic()
    makings = [partial(_make, work) for work in bundle]
    ended = side_by_side(makings) if len(makings) > 1 else [makings[0](drive)]
    seconds = (time.monotonic() - began) / len(bundle)
    return [Ending(status, seconds, problem) for status, problem in ended]


def _make(work: Work, driven_by: Drive) -> tuple[str, str]:
    """Make one run; whatever goes wrong is the run's own ending."""
    from hubbub.scenarios.running import resume, run

    try:
        if steps_in(work.path, CHECKPOINTS):  # the modules are those that the caller has named
            return resume(work.path, allow_modules=True, driven_by=driven_by).status, ""
        return run(work.configuration, out=work.path, driven_by=driven_by).status, ""
    except HubbubError as error:
        return "failed", str(error)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return "failed", f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
