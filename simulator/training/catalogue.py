"""Tasks that networks are trained on, and the names that a configuration may give as `task.kind`."""

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
"""Parameters by name, each `[S, …]` for S networks; those of integer type are constants, and not trained."""


class Task(ABC):
    """A task: networks of one shape, their data, their loss, their metrics.

    `Networks` does the rest: optimiser, pruning, records, checkpoints. A task has no state. Its random numbers are
    keyed by the seed of the network and the step, never by the place of the network in the stack. Every method may get
    any networks of the stack in any order, and the result for a network must not depend on the others.
    """

    updates: int = 1
    """Updates of a network in a step of training."""

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return the settings of the task that are trained side by side; the grid makes networks of each.

        Their names are columns of `networks.parquet`. Without a setting of its own, a task returns one empty mapping.
        """
        return ({},)

    @abstractmethod
    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return the parameters of one network at step 0, all networks with the same names and shapes."""

    @abstractmethod
    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the loss `[S]` of networks on the batches of a step, differentiable in the parameters `[S, …]`."""

    def losses(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Iterator[Tensor]:
        """Yield the loss `[S]` of each of the `updates` of a step; the parameters change between two of them."""
        yield self.loss(parameters, networks, step)

    @abstractmethod
    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return metrics by name, one number for each network `[S]`; with `closely` also those that are expensive."""

    def probe(self) -> tuple[nn.Module, Tensor] | None:
        """Return a module with the shape of one network and fixed inputs `[M, …]`, for measures of its inner layers.

        The parameters of the module have the same names as those of the task. None where there is no such module, or
        where paths cannot be counted through it.
        """
        return None

    def features(self, parameters: Parameters) -> Tensor | None:
        """Return the activations of the last hidden layer of every network on the inputs of the probe: `[S, M, H]`.

        None where the task does not define it.
        """
        return None


task = Registry("task", package="hubbub.simulator.training.tasks", supplied=("rng", "device"), contract=Task)
"""Decorator and catalogue of functions or classes that give a `Task`.

A parameter `rng` receives the random streams of the run, `device` the torch device of data and weights.
"""
