"""The loop around every system: step, record, checkpoint, stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from hubbub.simulator.engine.progress import Progress
from hubbub.simulator.engine.stopping import StopSignal
from hubbub.simulator.engine.system import Observation, Row, System
from hubbub.simulator.store import RunWriter


@dataclass(frozen=True)
class Schedule:
    """When to record metrics, take a snapshot and write a checkpoint."""

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


Drive: TypeAlias = Callable[..., bool]
"""What steps a system to its end, called as `drive`: that, or what drives several systems together."""


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
    """Step `system` to step `until`, writing as it goes; return False when it was asked to stop before.

    `measure` turns an observation into further metric rows. A system that was loaded from a checkpoint is recorded
    again where a record was due there. A snapshot is taken of the last step. Whatever ends the loop without an error,
    the last thing it does is to record and to save; records off the schedule are the ones that a resume takes back, so
    that a run in two parts and a run in one leave the same rows.
    """
    recorded, saved = -1, system.now

    def record() -> None:
        nonlocal recorded
        observation = system.observe(snapshot=schedule.snapshots(system.now) or system.now >= until)
        rows = [*observation.metrics, *measure(observation)]
        writer.append_rows("metrics", observation.step, rows)
        if observation.snapshot is not None:
            writer.write_snapshot(observation.snapshot)
        progress.recorded(observation.step, {row["name"]: row["value"] for row in rows if len(row) == 2})
        recorded = system.now

    def save() -> None:
        nonlocal saved
        state = system.state()
        writer.checkpoint(system.now, state.tensors, state.values)
        writer.set_status("running", step=system.now)
        saved = system.now

    if system.now == 0:
        save()  # before the first record, which may take long: from here on a run can be resumed
    if schedule.records(system.now):
        record()
    while system.now < until and not stop.requested:
        n = min(system.stride, until - system.now, schedule.next(system.now) - system.now)
        for table, columns in system.step(n).items():
            writer.append(table, columns)
        progress.advanced(system, until)
        if schedule.records(system.now):
            record()
        if schedule.saves(system.now):
            save()
    if recorded < system.now:
        record()
    if saved < system.now:
        save()
    return system.now >= until
