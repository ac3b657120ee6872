"""The errors a user can mend; the command line turns each into one message and an exit code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class HubbubError(Exception):
    """Something outside the code is wrong, and the message says what and how to mend it."""

    exit_code = 2
    """What the command line ends with."""


class RunError(HubbubError):
    """The input was good, but a run did not come to its end: training diverged, or somebody asked to stop."""

    exit_code = 1


class ConfigurationError(HubbubError):
    """A value at the door (configuration, command line, function argument) is not acceptable."""


class TopologyError(HubbubError):
    """A graph, a graph file or a topology function does not give a usable communication graph."""


class StoreError(HubbubError):
    """A run directory cannot be written, read or trusted."""


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """Return the entry of `valid` closest to `name`, or None when nothing is close."""
    matches = difflib.get_close_matches(name, [str(v) for v in valid], n=1, cutoff=0.5)
    return matches[0] if matches else None


def complaint(field: str, *, expected: str, got: object, valid: Iterable[str] = ()) -> str:
    """Return the house form of an error message: field, expectation, what came, nearest valid name."""
    message = f"{field}: expected {expected}, got {got!r}"
    close = nearest(str(got), valid)
    return f"{message}; did you mean {close!r}?" if close else message
