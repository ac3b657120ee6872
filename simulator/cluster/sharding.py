"""Sharing a system out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hubbub.simulator.cluster.mailbox import Driver
from hubbub.simulator.engine import State, System, Team


@contextmanager
def shared_out(
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
    """Yield a system whose blocks live in Ray actors, as many as the team has members; it gives the same numbers.

    Parameters
    ----------
    system
        The driver's own member of the team, at step 0.
    make
        Builds the same for another member; travels to the workers.
    address
        Of a Ray cluster; without one, a Ray of this machine begins and ends here, which listens on the loopback only.
    device, threads
        On what each worker computes, and with how many threads.
    restore
        Returns the state that was saved last, or None when none was yet.
    noticed, waiting
        Are told what a person should know, and how far the workers are in a call that takes long.

    Raises
    ------
    ConfigurationError
        The cluster cannot be reached.
    RunError
        Too many faults, or an error of the system itself.
    """
    from hubbub.simulator.cluster.connection import connected

    with connected(address, cores=team.size * threads):
        from hubbub.simulator.cluster.sharded import Sharded

        shared = Sharded(
            system, team, make, device=device, threads=threads, restore=restore, noticed=noticed, waiting=waiting
        )
        try:
            yield shared
        finally:
            shared.close()
