"""A system whose blocks are held by workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from hubbub.simulator.cluster.faults import Fault, InsufficientResources
from hubbub.simulator.cluster.mailbox import Driver
from hubbub.simulator.cluster.worker import Heartbeat
from hubbub.simulator.cluster.worker_group import WorkerGroup, capacity
from hubbub.simulator.engine import Observation, Records, State, System, Team
from hubbub.simulator.errors import RunError

CALL_S = 0.5
"""Aim for the duration of one call of `step`, seconds."""
MAX_FAULTS = 10
"""After more faults than that without a new checkpoint a run fails."""


class ShardedSystem:
    """A system sharded among workers; a `hubbub.simulator.engine.System` with the results of the same system alone.

    Every call goes to all workers first. Then the driver's own member of the team, which has no blocks, makes the same
    call and reads what the others reported. After a fault all workers are replaced: the new ones load the last
    checkpoint and make the steps since then again. That gives the same bits, and is not recorded again.

    Parameters
    ----------
    system, team
        The driver's own member of the team, at step 0.
    make
        Builds the same system for another member; it is sent to the workers.
    restore
        Returns the state that the run saved last, or None when it saved none yet.
    noticed
        Receives messages that a person should know.
    waiting
        Receives, every few seconds, how far the workers are in a call that takes long.
    """

    def __init__(
        self,
        system: System,
        team: Driver,
        make: Callable[[Team], System],
        *,
        device: str,
        threads: int,
        restore: Callable[[], State | None],
        noticed: Callable[[str], None],
        waiting: Callable[[str], None] = lambda message: None,
    ) -> None:
        self._system, self._team = system, team
        self._make, self._restore, self._noticed = make, restore, noticed
        self._options: dict[str, Any] = {
            "device": device,
            "threads": threads,
            "waiting": lambda heartbeats: waiting(_summary(heartbeats)),
        }
        self._n_faults, self._restored = 0, -1
        self._step_s = CALL_S
        self._workers: WorkerGroup | None = None

    @property
    def now(self) -> int:
        """Number of steps made so far."""
        return self._system.now

    @property
    def stride(self) -> int:
        """Steps in one call to the workers."""
        return max(1, int(CALL_S / self._step_s))

    @property
    def work(self) -> tuple[str, int]:
        """What the system has done so far, in its own unit."""
        return self._system.work

    def step(self, n: int) -> Records:
        """Advance `n` steps, and return what happened."""
        start = time.perf_counter()
        self._call("step", n=n)
        self._step_s = max((time.perf_counter() - start) / n, 1e-6)
        return self._system.step(n)

    def observe(self, *, closely: bool) -> Observation:
        """Return the metrics of this moment; with `closely` also those that cost much, and a snapshot."""
        self._call("observe", closely=closely)
        return self._system.observe(closely=closely)

    def state(self) -> State:
        """Return the state of the whole system."""
        self._call("state")
        return self._system.state()

    def load(self, state: State) -> None:
        """Load a state."""
        self._call("load", state=state)
        self._system.load(state)

    def sent(self) -> tuple[int, int]:
        """Return number and bytes of the message batches that the workers sent each other since they started."""
        return self._workers.sent() if self._workers else (0, 0)

    def heartbeats(self) -> list[Heartbeat]:
        """Return a heartbeat of every worker."""
        return self._workers.heartbeats() if self._workers else []

    def close(self) -> None:
        """End the workers."""
        if self._workers:
            self._workers.shutdown()
            self._workers = None

    def _call(self, name: str, **keywords: Any) -> None:
        """Let the workers make a call, replace them when they fail, and pass their reports to the driver's team."""
        saved: State | None = None
        while True:
            try:
                if self._workers is None:
                    self._workers = self._start(saved)
                self._team.receive(self._workers.call(name, **keywords))
                return
            except Fault as fault:
                self.close()
                saved = self._restore()
                reached = -1 if saved is None else int(saved.values["step"])
                self._n_faults = self._n_faults + 1 if reached == self._restored else 1
                self._restored = reached
                if self._n_faults > MAX_FAULTS:
                    after = "before the first checkpoint, so there is nothing to resume from"
                    if saved is not None:
                        after = f"since the checkpoint of step {reached}, which is whole: a resume goes on from there"
                    raise RunError(f"{self._n_faults} faults {after}; the last fault: {fault}") from None
                self._noticed(f"at step {self.now}: {fault}; going on with new workers from step {max(reached, 0)}")

    def _start(self, saved: State | None) -> WorkerGroup:
        """Return new workers that have gone on from the saved state, or from step 0, to the step of the driver.

        They are fewer than before where the cluster has shrunk.
        """
        try:
            workers = WorkerGroup(self._make, self._team.size, **self._options)
        except InsufficientResources:
            n = min(capacity(self._options["device"], self._options["threads"]), self._team.size - 1)
            if n < 1:
                raise
            self._noticed(
                f"the cluster has resources for {n} instead of {self._team.size} workers; that changes no result"
            )
            self._team.size = n
            workers = WorkerGroup(self._make, n, **self._options)
        try:
            made = 0
            if saved is not None:
                workers.call("load", state=saved)
                made = int(saved.values["step"])
            while made < self.now:
                n = min(self.stride, self.now - made)
                workers.call("step", n=n)
                made += n
        except BaseException:
            workers.shutdown()
            raise
        return workers


def _summary(heartbeats: Sequence[Heartbeat]) -> str:
    """Return how far the workers are, in a few words."""
    steps = sorted(heartbeat.step for heartbeat in heartbeats)
    memory = max(heartbeat.memory for heartbeat in heartbeats) / 2**20
    reached = " … ".join(map(str, sorted({steps[0], steps[-1]})))
    return f"{len(heartbeats)} workers at step {reached}, up to {memory:,.0f} MiB each"
