"""The command line in this process, with what it printed."""

from __future__ import annotations

import io
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from unittest.mock import patch

from faults.tiny_reproduction import NAME, tiny_reproduction
from hubbub.scenarios.cli import main
from hubbub.scenarios.reproductions import reproduction
from hubbub.scenarios.studies.making import RunJob, RunOutcome, make


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        """The messages: lines that tell of a failure."""
        lines = [*self.err.splitlines(), *self.out.splitlines()]
        return [line for line in lines if line.startswith(("hubbub: ", "failed: "))]

    def problems(self) -> list[str]:
        """Return what is wrong with how it ended, where something has failed: it is one message, and a code."""
        if "Traceback" in self.err:
            return [self.err.strip().splitlines()[-1][:300]]
        if self.code not in (0, 1, 2):
            return [f"exit code {self.code}"]
        if bool(self.complaints) != bool(self.code):
            return [f"exit code {self.code} with {len(self.complaints)} messages"]
        return [] if len(self.complaints) <= 1 or self.complaints[0].startswith("failed") else [self.err[:300]]


class Here:
    """Executes runs in this process, one bundle after the other, so that its operations can be counted."""

    capacity = 1

    def __init__(self, workers: int = 1) -> None:
        self.stopped = False

    def submit(self, bundle: Sequence[RunJob]) -> Future[list[RunOutcome]]:
        """Execute runs together."""
        future: Future[list[RunOutcome]] = Future()
        future.set_result([RunOutcome("stopped")] * len(bundle) if self.stopped else make(bundle))
        return future

    def stop(self) -> None:
        """Start no other run."""
        self.stopped = True

    def interrupt(self) -> None:
        """Do nothing: no run is being executed."""

    def close(self) -> None:
        """Do nothing: there is no process."""


class PoolHere:
    """Calls functions in this process when they are submitted."""

    def __init__(self, *given: Any, **named: Any) -> None:
        pass

    def __enter__(self) -> PoolHere:
        return self

    def __exit__(self, *given: Any) -> None:
        pass

    def submit(self, function: Callable[..., Any], *given: Any) -> Future[Any]:
        """Call a function."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*given))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, **named: Any) -> None:
        """Do nothing: there is no process."""


@contextmanager
def runs_here() -> Iterator[None]:
    """Let sweeps and reproductions make and measure their runs in this process; one more reproduction is known."""
    list(reproduction)  # all that come with hubbub are found first
    sweeping, run_set = "hubbub.scenarios.studies.sweeping", "hubbub.scenarios.reproductions.run_set"
    with (
        patch.dict(reproduction._entries, {NAME: tiny_reproduction}),
        patch(f"{sweeping}.Processes", Here),
        patch(f"{run_set}.Processes", Here),
        patch(f"{run_set}.ProcessPoolExecutor", PoolHere),
        patch(f"{run_set}.fresh_processes", get_context),
    ):
        yield


def hubbub(*words: str | Path) -> Ended:
    """Run a command in this process."""
    code, out, err = 0, io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["hubbub", *map(str, words)]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:
            traceback.print_exc()
            code = 70
    return Ended(code, out.getvalue(), err.getvalue())


def assignments(settings: Mapping[str, Any]) -> list[str]:
    """Return settings as words of a command."""
    return [f"{name}={json.dumps(value)}" for name, value in settings.items()]
