"""Sharding a system among the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hubbub.simulator.cluster.mailbox import Driver
from hubbub.simulator.engine import State, System, Team


@contextmanager
def sharded(
    system: System,
    team: Driver,
    make: Callable[[Team], System],
    *,
    address: str | None = None,
    device: str = "cpu",
    threads: int = 1,
    restore: Callable[[], State | None] = lambda: None,
    noticed: Callable[[str], None] = lambda message: None,
    waiting: Callable[[str], None] = lambda message: None,
) -> Iterator[System]:
    """Yield a system whose blocks are held by Ray actors, one for each member of the team; the results are the same.

    Parameters
    ----------
    system
        The driver's own member of the team, at step 0.
    make
        Builds the same system for another member; it is sent to the workers.
    address
        Address of a Ray cluster; without one, a local Ray is started, which listens on the loopback only, and stopped
        at the end.
    device, threads
        On which device each worker computes, and with how many threads.
    restore
        Returns the state that was saved last, or None when none was yet.
    noticed, waiting
        Receive messages that a person should know, and how far the workers are in a call that takes long.

    Raises
    ------
    ConfigurationError
        The cluster cannot be reached.
    RunError
        Too many faults, or an error of the system itself.
    """
    from hubbub.simulator.cluster.connection import connected

    with connected(address, cores=team.size * threads):
        from hubbub.simulator.cluster.sharded_system import ShardedSystem

        shards = ShardedSystem(
            system, team, make, device=device, threads=threads, restore=restore, noticed=noticed, waiting=waiting
        )
        try:
            yield shards
        finally:
            shards.close()
