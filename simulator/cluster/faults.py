"""Faults: what can go wrong with workers although the run itself is correct."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ray.exceptions import RayActorError, RayError, RayTaskError

from hubbub.simulator.cluster.raised import WorkerRaised, raise_again


class Fault(Exception):
    """A worker was lost, hangs, or could not be started; others can replace it."""


class InsufficientResources(Fault):
    """The cluster has no resources for so many workers."""


@contextmanager
def faults() -> Iterator[None]:
    """Turn errors of Ray into `Fault`, and raise again what a system raised in a worker, of whatever kind it is."""
    try:
        yield
    except WorkerRaised as carrier:
        raise_again(carrier.raised)
    except RayTaskError as error:
        cause = error.cause
        if isinstance(cause, RayError) and type(cause) is not RayError:
            raise Fault(first_line(cause)) from None
        raise cause from error  # of the worker itself; a plain RayError is one that could not be serialised
    except (RayError, ConnectionError) as error:
        raise Fault(first_line(error)) from None


def first_line(error: Exception) -> str:
    """Return the kind and the first line of an error."""
    kind = "a worker was lost" if isinstance(error, RayActorError) else type(error).__name__
    return ": ".join([kind, *str(error).strip().splitlines()[:1]])
