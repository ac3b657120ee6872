"""The networks of a stack: what is different about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.training.settings import Grid


@dataclass(frozen=True)
class Network:
    """One row of the stack: all that the network and its random numbers depend on.

    Attributes
    ----------
    seed
        Number of the repetition; the random numbers of a task are keyed by it.
    learning_rate, pruning, alpha
        As in `Grid`, one of each.
    of_task
        Settings of the task that this network has.
    """

    seed: int
    learning_rate: float = 0.05
    pruning: float = 0.0
    alpha: float = 1.0
    of_task: Mapping[str, float | int | str] = field(default_factory=dict)

    def row(self) -> dict[str, float | int | str]:
        """Return all settings by name."""
        return {
            "seed": self.seed,
            "learning_rate": self.learning_rate,
            "pruning": self.pruning,
            "alpha": self.alpha,
            **self.of_task,
        }


def lay_out(grid: Grid, of_task: Sequence[Mapping[str, float | int | str]] = ({},)) -> tuple[Network, ...]:
    """Return the networks of a grid for each setting of the task; the seeds vary fastest.

    `ConfigurationError` where a setting of the task is given twice.
    """
    for number, own in enumerate(of_task):
        if own in of_task[:number]:
            twice = ", ".join(f"{name} {value}" for name, value in own.items())
            raise ConfigurationError(
                f"task: expected each setting once (networks.seeds repeats each), got {twice} twice"
            )
    return tuple(
        Network(seed, learning_rate, pruning, alpha, own)
        for own, learning_rate, pruning, alpha, seed in product(
            of_task, grid.learning_rate, grid.pruning, grid.alpha, range(grid.seeds)
        )
    )
