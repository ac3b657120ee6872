"""Who is told how a run goes: a display, callbacks of the caller, or the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from hubbub.scenarios.progress import is_shown, progress_display
from hubbub.simulator.engine import NoProgress, Progress
from hubbub.simulator.errors import ConfigurationError, complaint, nearest, shown

P = ParamSpec("P")
T = TypeVar("T")

METHODS = ("advanced", "recorded", "noticed", "waiting")
"""What a receiver of progress may have, see `Progress`."""


class Logged(NoProgress):
    """Writes what a person should know into the log, at level INFO."""

    def noticed(self, message: str) -> None:
        """Log the message."""
        logging.getLogger("hubbub").info(message)


class Callbacks(NoProgress):
    """Calls those methods of `Progress` that each of some receivers has, one receiver after the other."""

    def __init__(self, receivers: Sequence[object]) -> None:
        for name in METHODS:
            calls = [call for one in receivers if callable(call := getattr(one, name, None))]
            if calls:
                setattr(self, name, _all(calls))


def _all(calls: Sequence[Callable[..., None]]) -> Callable[..., None]:
    def each(*given: Any) -> None:
        for call in calls:
            call(*given)

    return each


def with_display(function: Callable[P, T]) -> Callable[P, T]:
    """Return the function with a `Progress` as its argument `progress`, whatever the caller has given for it."""

    @wraps(function)
    def call(*given: P.args, **named: P.kwargs) -> T:
        with told(named.get("progress")) as progress:
            named["progress"] = progress
            return function(*given, **named)

    return call


@contextmanager
def told(asked: object = None) -> Iterator[Progress]:
    """Yield who is told of the progress of a run.

    Parameters
    ----------
    asked
        None: a display on a terminal and in a notebook, the log elsewhere. True: a display everywhere, plain lines
        where it is no terminal. False: the log. An object with at least one of the methods `advanced`, `recorded`,
        `noticed` and `waiting` of `Progress`: that. Or a list of these.

    Raises
    ------
    ConfigurationError
        An object that has none of these methods.
    """
    with ExitStack() as stack:
        several = asked if isinstance(asked, list | tuple) else [asked]
        receivers = [_receiver(one, stack) for one in several]
        yield receivers[0] if len(receivers) == 1 else Callbacks(receivers)


def _receiver(asked: object, stack: ExitStack) -> Progress:
    if asked is True or (asked is None and is_shown()):
        return stack.enter_context(progress_display(quiet=False))
    if asked is None or asked is False:
        return Logged()
    if isinstance(asked, NoProgress):
        return asked
    if not any(callable(getattr(asked, name, None)) for name in METHODS):
        names = [name for name in dir(asked) if not name.startswith("_")]
        expected = f"True, False, or an object with at least one of the methods {', '.join(METHODS)}"
        got = f"{type(asked).__name__} with {', '.join(names[:8])}" if names else shown(asked)
        message = complaint("progress", expected=expected, got=got)
        near = [close for name in names if (close := nearest(name, METHODS))]
        raise ConfigurationError(f"{message}; did you mean {near[0]!r}?" if near else message)
    return Callbacks([asked])
