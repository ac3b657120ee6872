"""What the engine can step: a population, a memory network, a network in training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import torch

from hubbub.simulator.store import Columns, Snapshot
from hubbub.simulator.store.schemas import DIMENSIONS

Row: TypeAlias = Mapping[str, Any]
"""One row of a table: a metric has `name`, `value` and its dimensions, an event `step`, `kind` and its fields."""

Records: TypeAlias = Mapping[str, Columns]
"""What happened in some steps: name of a table of the run ("events", "series") → rows as columns, `step` among them."""


def as_events(rows: Sequence[Row]) -> Records:
    """Return events, given as rows, as the columns of the table `events`; an empty list leaves nothing to write."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {"events": {name: [row.get(name) for row in rows] for name in names}} if rows else {}


def is_scalar(row: Row) -> bool:
    """Whether a metric row describes the whole system: it has no dimension, such as agent, copy, network or split."""
    return all(row.get(dimension) is None for dimension in DIMENSIONS)


@dataclass(frozen=True)
class State:
    """All that a resume needs: tensors by name and a few values that JSON can hold."""

    tensors: dict[str, torch.Tensor]
    values: dict[str, Any]


@dataclass(frozen=True)
class Observation:
    """What a system shows of itself at one step.

    Attributes
    ----------
    step
        Number of steps made so far.
    metrics
        Rows of the table `metrics`, without `step`.
    snapshot
        What is written beside the metrics, where one was asked for and the system has one.
    tensors
        What further metrics are computed from, by name; it is not written.
    """

    step: int
    metrics: list[Row] = field(default_factory=list)
    snapshot: Snapshot | None = None
    tensors: Mapping[str, torch.Tensor] = field(default_factory=dict)


class System(Protocol):
    """A system is a pure function of (state, seed, step number); observing it never changes it."""

    @property
    def now(self) -> int:
        """Number of steps made so far."""

    @property
    def stride(self) -> int:
        """How many steps may pass before progress is reported and the stop signal is checked."""

    @property
    def work(self) -> tuple[str, int]:
        """What the system has done so far, in its own unit: ("games", 123456)."""

    def step(self, n: int) -> Records:
        """Advance `n` steps and return what happened, in the order of the steps."""

    def observe(self, *, closely: bool) -> Observation:
        """Return the metrics of this moment; with `closely` also those that cost much, and a snapshot."""

    def state(self) -> State:
        """Return the state; its tensors may share memory with the system."""

    def load(self, state: State) -> None:
        """Load a state that `state` returned."""
