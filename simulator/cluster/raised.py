"""What a worker's code raised, on its way to the driver.

Ray carries an exception as a pickled object, and one that cannot be unpickled looks like a lost worker. `SystemExit`
would end the worker. So a worker catches whatever is raised and returns it as text, and as an object where that works.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from ray import cloudpickle
from ray.exceptions import RayError

from hubbub.simulator.errors import HubbubError, RunError


@dataclass(frozen=True)
class Raised:
    """An exception that was raised in a worker."""

    rank: int
    kind: str
    text: str
    lines: str
    """The traceback in the worker."""
    error: bytes | None
    """The pickled exception; None where it cannot be pickled and unpickled there, or is no `Exception`."""


class WorkerRaised(Exception):
    """Carries what a worker returned out of the calls to Ray, whose own errors are of the same kinds as a user's."""

    def __init__(self, raised: Raised) -> None:
        super().__init__(raised.kind)
        self.raised = raised


class WorkerTraceback(Exception):
    """Shows the traceback in a worker as the cause of an exception that is raised again in the driver."""


def caught(rank: int, call: Callable[[], object]) -> object:
    """Return what `call` returns, or whatever it raises as `Raised`; only errors of Ray itself are raised."""
    try:
        return call()
    except RayError:
        raise
    except BaseException as error:
        lines = "".join(traceback.format_exception(error))
        return Raised(rank, type(error).__qualname__, _text(error), lines, _pickled(error))


def raise_again(raised: Raised) -> NoReturn:
    """Raise in the driver what was raised in a worker: the same object where possible, else a `RunError` with all.

    Errors that a user can correct have no traceback; that of the worker is the cause of all others.
    """
    try:
        error = None if raised.error is None else cloudpickle.loads(raised.error)
    except Exception:  # its class is not what it was in the worker
        error = None
    if isinstance(error, HubbubError):
        raise error from None
    if isinstance(error, Exception):
        raise error from WorkerTraceback(f"in worker {raised.rank}:\n{raised.lines}")
    raise RunError(f"worker {raised.rank}: {raised.kind}: {raised.text}\n{raised.lines.rstrip()}")


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as another:  # the class of the exception is a user's, too
        return f"(without words: {type(another).__name__} in its __str__)"


def _pickled(error: BaseException) -> bytes | None:
    """Return an exception as bytes; its traceback and causes are not part of them."""
    if not isinstance(error, Exception):
        return None
    try:
        content: bytes = cloudpickle.dumps(error)
        return content if type(cloudpickle.loads(content)) is type(error) else None
    except BaseException:
        return None
