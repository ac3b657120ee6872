"""What can go wrong with workers though nothing is wrong with the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ray.exceptions import RayActorError, RayError, RayTaskError

from hubbub.simulator.errors import HubbubError


class Fault(Exception):
    """A worker was lost, hangs, or has no room; others can take its place."""


class InsufficientResources(Fault):
    """The cluster has no room for so many workers."""


@contextmanager
def faults() -> Iterator[None]:
    """Turn errors of Ray into `Fault`; errors of what ran in a worker come as they are, bugs with where they were."""
    try:
        yield
    except RayTaskError as error:
        cause = error.cause
        if isinstance(cause, RayError) and type(cause) is not RayError:
            raise Fault(first_line(cause)) from None
        if isinstance(cause, HubbubError):
            raise cause from None
        raise cause from error  # a plain RayError stands for an error that could not travel
    except (RayError, ConnectionError) as error:
        raise Fault(first_line(error)) from None


def first_line(error: Exception) -> str:
    """Return the kind and the first line of an error."""
    kind = "a worker was lost" if isinstance(error, RayActorError) else type(error).__name__
    return ": ".join([kind, *str(error).strip().splitlines()[:1]])
