"""Errors that a user can correct; the command line prints the message of each and ends with its exit code."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class HubbubError(Exception):
    """Something outside the code is wrong; the message says what it is and how to correct it."""

    exit_code = 2
    """Exit code of the command line."""


class RunError(HubbubError):
    """The input was good, but a run did not finish: training diverged, or a stop was requested."""

    exit_code = 1


class RunStopped(RunError):
    """A run was asked to stop before its end; what it has reached is saved, and a resume goes on from there."""


class ConfigurationError(HubbubError):
    """A value in the configuration, on the command line or in a function argument is not acceptable."""


class TopologyError(HubbubError):
    """A graph, a graph file or a topology function gives no usable communication graph."""


class ContractError(HubbubError):
    """A user's topology, game, agent, memory or system does not do what is demanded of every one."""


class StoreError(HubbubError):
    """A run directory cannot be written or read, or its content was changed."""


@contextmanager
def no_exit() -> Iterator[None]:
    """Turn `SystemExit` inside the block, which some user's code raised, into a `RunError` that says where.

    Code that hubbub calls must not end the process: the run would be left without a word.
    """
    try:
        yield
    except SystemExit as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = [frame for frame in frames if not frame.filename.startswith("<")][-1]  # exit() is in <frozen …>
        raise RunError(f"SystemExit({error.code!r}) was raised at {place.filename}:{place.lineno}") from error


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Return the entry of `valid` closest to `name`, or None when nothing is close."""
    matches = difflib.get_close_matches(name, [str(v) for v in valid], n=1, cutoff=0.5)
    return matches[0] if matches else None


def shortened(text: str, most: int = 200) -> str:
    """Return a text as a message shows it, the middle of a long one cut out."""
    return text if len(text) <= most else f"{text[: most - 40]} … ({len(text):,} characters) … {text[-20:]}"


def shown(value: object) -> str:
    """Return a value as Python writes it, shortened, for a message."""
    try:
        return shortened(repr(value))
    except ValueError:  # Python does not write whole numbers of more than some thousand digits
        return "a value with a number of thousands of digits"
    except RecursionError:
        return f"a deeply nested {type(value).__name__}"


def complaint(field: str, *, expected: str, got: object, valid: Iterable[str] = ()) -> str:
    """Return an error message in the common form: field, what was expected, what came, nearest valid name."""
    message = f"{field}: expected {expected}, got {shown(got)}"
    close = nearest(shown(got).strip("'"), valid)
    return f"{message}; did you mean {close!r}?" if close else message
