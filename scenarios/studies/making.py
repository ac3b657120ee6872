"""Making a run, in whatever process: what is asked for, and how it ended."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from simulator.errors import HubbubError
from simulator.store.checkpoint import FOLDER as CHECKPOINTS
from simulator.store.files import steps_in


@dataclass(frozen=True)
class Work:
    """A run to make, or to go on with: its resolved configuration and its directory."""

    configuration: Mapping[str, Any]
    path: Path


@dataclass(frozen=True)
class Ending:
    """How the making of a run ended: finished, stopped or failed, after how long, and what was wrong."""

    status: str
    seconds: float = 0.0
    problem: str = ""


class Makers(Protocol):
    """Those who make runs, several at a time: processes of this machine, a cluster."""

    def submit(self, work: Work) -> Future[Ending]:
        """Have a run made; those submitted first begin first."""

    def stop(self) -> None:
        """Begin no other run, let those that are being made stop at a checkpoint, and wait for that."""

    def close(self) -> None:
        """Let go of everything; nothing is being made any more."""


def make(work: Work) -> Ending:
    """Make a run, or go on with it, in this process; whatever goes wrong is the run's own ending."""
    from scenarios.running import resume, run

    began = time.monotonic()
    try:
        if steps_in(work.path, CHECKPOINTS):
            status = resume(work.path, allow_modules=True).status  # the very modules that the caller has named
        else:
            status = run(work.configuration, out=work.path).status
        problem = ""
    except HubbubError as error:
        status, problem = "failed", str(error)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        status, problem = "failed", f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
    return Ending(status, time.monotonic() - began, problem)
