"""How long steps, records and checkpoints of a system take, measured on its first ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psutil

from hubbub.simulator.engine import Observation, Progress, Row, Schedule, StopSignal, System
from hubbub.simulator.store import RunWriter

MEASURED_S = 2.0
"""About how long steps are measured, after the first one, which may wait for a compiler."""


@dataclass
class Probe:
    """Drives a system for some steps and measures them; a `Drive` like that of the engine.

    What comes first may wait for a compiler, so the second step and the second record with a snapshot say what one
    takes. The run directory then holds one checkpoint, two snapshots and three records.

    Attributes
    ----------
    n_steps, step_s
        How many steps were measured, and seconds of one.
    record_s, snapshot_s, checkpoint_s
        Seconds of a record, of one with a snapshot, and of a checkpoint.
    counted_s
        Seconds of all of these that were made, the first ones as long as the others: not those of a compiler.
    memory
        Largest memory of this process that was seen, bytes.
    """

    n_steps: int = 0
    step_s: float = 0.0
    record_s: float = 0.0
    snapshot_s: float = 0.0
    checkpoint_s: float = 0.0
    counted_s: float = 0.0
    memory: int = 0

    def __call__(
        self,
        system: System,
        writer: RunWriter,
        *,
        until: int,
        schedule: Schedule,
        measure: Callable[[Observation], Iterable[Row]],
        progress: Progress,
        stop: StopSignal,
    ) -> bool:
        """Make a checkpoint, some steps and some records; return False when a signal has asked to stop."""

        def record(closely: bool) -> None:
            observation = system.observe(closely=closely)
            writer.append_rows("metrics", observation.step, [*observation.metrics, *measure(observation)])
            if observation.snapshot is not None:
                writer.write_snapshot(observation.snapshot)

        def step(n: int) -> None:
            for table, columns in system.step(n).items():
                writer.append(table, columns)

        def save() -> None:
            state = system.state()
            writer.checkpoint(system.now, state.tensors, state.values)

        self.checkpoint_s = self._timed(save)
        first_snapshot = self._timed(partial(record, True))
        self.counted_s = self.checkpoint_s
        if until:
            first, spent = self._timed(partial(step, 1)), 0.0
            while system.now < until and spent < MEASURED_S and not stop.requested:
                spent += self._timed(partial(step, min(system.stride, until - system.now)))
            self.n_steps = max(system.now - 1, 1)
            self.step_s = spent / self.n_steps if system.now > 1 else first
            self.record_s, self.snapshot_s = self._timed(partial(record, False)), self._timed(partial(record, True))
            self.counted_s += spent + self.record_s + self.snapshot_s
            self.counted_s += min(first, self.step_s) + min(first_snapshot, self.snapshot_s)
        return not stop.requested

    def _timed(self, call: Callable[[], Any]) -> float:
        """Return the seconds that a call takes; look at the memory after it."""
        began = time.perf_counter()
        call()
        took = time.perf_counter() - began
        self.memory = max(self.memory, psutil.Process().memory_info().rss)
        return took
