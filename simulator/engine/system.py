"""What the engine can step: a population, a memory network, a network in training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

import torch

from simulator.store.lexicon import Lexicon

Row: TypeAlias = Mapping[str, Any]
"""One row of a table: a metric has `name`, `value` and the dimensions it has, an event has `kind` and its fields."""


@dataclass(frozen=True)
class State:
    """All that a resume needs: tensors by name and a few values that JSON can hold."""

    tensors: dict[str, torch.Tensor]
    values: dict[str, Any]


@dataclass(frozen=True)
class Observation:
    """What a system shows of itself at one step."""

    step: int
    metrics: list[Row] = field(default_factory=list)
    lexicon: Lexicon | None = None


class System(Protocol):
    """A system is a pure function of (state, seed, step number); looking at it never changes it."""

    @property
    def now(self) -> int:
        """Number of steps made so far."""

    @property
    def stride(self) -> int:
        """How many steps may pass between two looks at the clock and the stop signal."""

    @property
    def work(self) -> tuple[str, int]:
        """What the system has done so far, in its own unit: ("games", 123456)."""

    def step(self, n: int) -> Iterable[Row]:
        """Advance `n` steps and return the events that happened, each with its `step`."""

    def observe(self) -> Observation:
        """Return metrics and snapshots of this moment."""

    def state(self) -> State:
        """Return the state; its tensors may share memory with the system."""

    def load(self, state: State) -> None:
        """Take over a state that `state` returned."""
