"""The loop around every system: step, record, checkpoint, stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from hubbub.simulator.engine.progress import Progress
from hubbub.simulator.engine.system import Observation, Row, System, is_scalar
from hubbub.simulator.stopping import StopSignal
from hubbub.simulator.store import RunWriter


@dataclass(frozen=True)
class Schedule:
    """When to record metrics, take a snapshot and write a checkpoint; all periods are in steps."""

    record_every: int
    checkpoint_every: int
    snapshot_every: int

    def records(self, step: int) -> bool:
        """Whether metrics are due at `step`."""
        return step % self.record_every == 0

    def snapshots(self, step: int) -> bool:
        """Whether a snapshot is due at `step`."""
        return self.records(step) and step % self.snapshot_every == 0

    def saves(self, step: int) -> bool:
        """Whether a checkpoint is due at `step`."""
        return step % self.checkpoint_every == 0

    def next(self, step: int) -> int:
        """Return the first step after `step` at which anything is due."""
        return min((step // every + 1) * every for every in (self.record_every, self.checkpoint_every))


class Drive(Protocol):
    """Steps a system to its end: `drive`, or a function that drives several systems together."""

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
        """Do what `drive` does."""


def drive(
    system: System,
    writer: RunWriter,
    *,
    until: int,
    schedule: Schedule,
    measure: Callable[[Observation], Iterable[Row]],
    progress: Progress,
    stop: StopSignal,
) -> bool:
    """Step `system` to step `until` and write its records and checkpoints; return False when it was stopped before.

    `measure` turns an observation into further metric rows.
    A system that was loaded from a checkpoint is recorded again where a record was due there. The last step has a
    snapshot. When the loop ends without an error, it has recorded and saved its last step. A resume removes records
    that are off the schedule, so that a run in two parts and a run in one leave the same rows.
    """
    recorded, saved = -1, system.now

    def record() -> None:
        nonlocal recorded
        observation = system.observe(closely=schedule.snapshots(system.now) or system.now >= until)
        rows = [*observation.metrics, *measure(observation)]
        writer.append_rows("metrics", observation.step, rows)
        if observation.snapshot is not None:
            writer.write_snapshot(observation.snapshot)
        progress.recorded(observation.step, {row["name"]: row["value"] for row in rows if is_scalar(row)})
        recorded = system.now

    def save() -> None:
        nonlocal saved
        state = system.state()
        writer.checkpoint(system.now, state.tensors, state.values)
        writer.set_status("running", step=system.now)
        saved = system.now

    progress.advanced(system, until)
    if system.now == 0:
        save()  # before the first record, which may take long, so that the run can be resumed from here on
    if schedule.records(system.now):
        record()
    writer.flush_when_due()
    while system.now < until and not stop.requested:
        n = min(system.stride, until - system.now, schedule.next(system.now) - system.now)
        for table, columns in system.step(n).items():
            writer.append(table, columns)
        progress.advanced(system, until)
        if schedule.records(system.now):
            record()
        if schedule.saves(system.now):
            save()
        writer.flush_when_due()
    if recorded < system.now:
        record()
    if saved < system.now:
        save()
    return system.now >= until
