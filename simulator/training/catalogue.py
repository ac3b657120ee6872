"""What networks are trained for, and the names that a configuration may give as `task.kind`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from torch import Tensor

from hubbub.simulator.registry import Registry

if TYPE_CHECKING:
    from torch import nn

    from hubbub.simulator.training.layout import Network

Parameters: TypeAlias = Mapping[str, Tensor]
"""Parameters by name, each `[S, …]` for S networks; whole numbers among them are constants, and not trained."""


class Task(ABC):
    """What is trained: networks of one shape, their data, their loss, what is seen of them.

    How they are trained (optimiser, pruning, records, checkpoints) is the business of `Networks`. A task keeps no
    state: everything drawn is drawn at an address, which holds the seed of the network and the step, never its place
    in the stack. Every method gets any networks of the stack in any order, and no network may have a say in what
    another one gets.
    """

    updates: int = 1
    """Updates of a network in a step of training."""

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return the settings of the task that are trained side by side; each becomes as many networks as the grid has.

        Their names are columns of `networks.parquet`. One setting without a name, if the task has none.
        """
        return ({},)

    @abstractmethod
    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return the parameters of one network at step 0, all networks with the same names and shapes."""

    @abstractmethod
    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the loss `[S]` of networks on the batches of a step, differentiable in the parameters `[S, …]`."""

    def losses(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Iterator[Tensor]:
        """Yield the loss `[S]` of each of the `updates` of a step; between two of them the parameters move."""
        yield self.loss(parameters, networks, step)

    @abstractmethod
    def observe(self, parameters: Parameters, networks: Sequence[Network], *, snapshot: bool) -> Mapping[str, Tensor]:
        """Return metrics by name, one number for each network `[S]`; with `snapshot` also those that cost much."""

    def probe(self) -> tuple[nn.Module, Tensor] | None:
        """Return a module of the shape of one network and fixed inputs `[M, …]`, for measures that look inside.

        The module's parameters have the names of those of the task. None where there is no such module, or paths
        cannot be counted through it.
        """
        return None

    def features(self, parameters: Parameters) -> Tensor | None:
        """Return what the last hidden layer of every network makes of the probe's inputs: `[S, M, H]`.

        None where the task does not say.
        """
        return None


task = Registry("task", package="hubbub.simulator.training.tasks", supplied=("rng", "device"), contract=Task)
"""Decorator and catalogue of functions or classes that give a `Task`.

A parameter `rng` receives the random streams of the run, `device` the torch device of data and weights.
"""
