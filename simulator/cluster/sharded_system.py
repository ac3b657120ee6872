"""A system whose blocks live in workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from hubbub.simulator.cluster.faults import Fault, InsufficientResources
from hubbub.simulator.cluster.mailbox import Driver
from hubbub.simulator.cluster.shard import Heartbeat
from hubbub.simulator.cluster.worker_group import WorkerGroup, capacity
from hubbub.simulator.engine import Observation, Records, State, System, Team
from hubbub.simulator.errors import RunError

STRIDE_S = 0.5
"""About so long one call to the workers takes."""
FAULTS = 10
"""After so many faults without a checkpoint between them a run gives up."""


class Sharded:
    """A system shared out among workers; a `hubbub.simulator.engine.System` that does what the same system alone does.

    Every call goes to all workers first; then the driver's own member of the team, which has no blocks, goes through it
    and reads what the others report. After a fault all workers are replaced: the new ones take over the last checkpoint
    and make the steps since then again, which gives the same bits and is recorded by nobody.

    Parameters
    ----------
    system, team
        The driver's own member of the team, at step 0.
    make
        Builds the same for another member; travels to the workers.
    restore
        Returns the state that the run saved last, or None when it saved none yet.
    noticed
        Is told what a person should know.
    waiting
        Is told every few seconds how far the workers are in a call that takes long.
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
        self.system, self._team = system, team
        self._make, self._restore, self._noticed = make, restore, noticed
        self._options: dict[str, Any] = {
            "device": device,
            "threads": threads,
            "waiting": lambda heartbeats: waiting(_said(heartbeats)),
        }
        self._faults, self._restored = 0, -1
        self._step_s = STRIDE_S
        self._worker_group: WorkerGroup | None = None

    def __getattr__(self, name: str) -> Any:
        """All else is that of the driver's own member: topology, configuration …"""
        if name == "system":
            raise AttributeError(name)
        return getattr(self.system, name)

    @property
    def now(self) -> int:
        """Number of steps made so far."""
        return self.system.now

    @property
    def stride(self) -> int:
        """Steps in one call to the workers."""
        return max(1, int(STRIDE_S / self._step_s))

    @property
    def work(self) -> tuple[str, int]:
        """What the system has done so far, in its own unit."""
        return self.system.work

    def step(self, n: int) -> Records:
        """Advance `n` steps, and return what happened."""
        began = time.perf_counter()
        self._ask("step", n=n)
        self._step_s = max((time.perf_counter() - began) / n, 1e-6)
        return self.system.step(n)

    def observe(self, *, snapshot: bool) -> Observation:
        """Return what the system shows of itself."""
        self._ask("observe", snapshot=snapshot)
        return self.system.observe(snapshot=snapshot)

    def state(self) -> State:
        """Return the state of the whole system."""
        self._ask("state")
        return self.system.state()

    def load(self, state: State) -> None:
        """Take over a state."""
        self._ask("load", state=state)
        self.system.load(state)

    def sent(self) -> tuple[int, int]:
        """Return parcels and bytes that the workers sent each other since they began."""
        return self._worker_group.sent() if self._worker_group else (0, 0)

    def heartbeats(self) -> list[Heartbeat]:
        """Return a sign of life of every worker."""
        return self._worker_group.check_heartbeats() if self._worker_group else []

    def close(self) -> None:
        """End the workers."""
        if self._worker_group:
            self._worker_group.shutdown()
            self._worker_group = None

    def _ask(self, name: str, **keywords: Any) -> None:
        """Let the workers go through a call, with others if these fail, and hear what they report."""
        saved: State | None = None
        while True:
            try:
                if self._worker_group is None:
                    self._worker_group = self._begin(saved)
                self._team.hear(self._worker_group.ask(name, **keywords))
                return
            except Fault as fault:
                self.close()
                saved = self._restore()
                reached = -1 if saved is None else int(saved.values["step"])
                self._faults = self._faults + 1 if reached == self._restored else 1
                self._restored = reached
                if self._faults > FAULTS:
                    after = "before the first checkpoint: nothing to go on from"
                    if saved is not None:
                        after = f"since the checkpoint of step {reached}, which is whole: a resume goes on from there"
                    raise RunError(f"{self._faults} faults {after}; the last fault: {fault}") from None
                self._noticed(f"at step {self.now}: {fault}; going on with new workers from step {max(reached, 0)}")

    def _begin(self, saved: State | None) -> WorkerGroup:
        """Return new workers who went on from what was saved to where the driver is, or from step 0.

        They are fewer than before where the cluster has shrunk.
        """
        try:
            worker_group = WorkerGroup(self._make, self._team.size, **self._options)
        except InsufficientResources:
            n = min(capacity(self._options["device"], self._options["threads"]), self._team.size - 1)
            if n < 1:
                raise
            self._noticed(f"the cluster has room for {n} instead of {self._team.size} workers; that changes no number")
            self._team.size = n
            worker_group = WorkerGroup(self._make, n, **self._options)
        try:
            made = 0
            if saved is not None:
                worker_group.ask("load", state=saved)
                made = int(saved.values["step"])
            while made < self.now:
                n = min(self.stride, self.now - made)
                worker_group.ask("step", n=n)
                made += n
        except BaseException:
            worker_group.shutdown()
            raise
        return worker_group


def _said(heartbeats: Sequence[Heartbeat]) -> str:
    """Return how far workers are, in a few words."""
    steps = sorted(heartbeat.step for heartbeat in heartbeats)
    memory = max(heartbeat.memory for heartbeat in heartbeats) / 2**20
    reached = " … ".join(map(str, sorted({steps[0], steps[-1]})))
    return f"{len(heartbeats)} workers at step {reached}, {memory:,.0f} MiB each"
