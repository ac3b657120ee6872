"""Many small networks in training as one system."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from hubbub.simulator.engine.system import Observation, Records, Row, State
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.training.catalogue import Parameters, Task
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.magnitude import magnitude_masks, weights_of
from hubbub.simulator.training.optimiser import StackedOptimiser
from hubbub.simulator.training.promotion import promote
from hubbub.simulator.training.settings import Optimiser, Pruning

NETWORK = "network"
"""Column of a metric row with the number of the network in the stack."""
PARAMETERS_IN_A_BLOCK = 2**20
NETWORKS_IN_A_BLOCK = 8
"""Largest block on a CPU, in parameters and in networks, so that it fits into the caches."""
STRIDE_S = 0.2
"""Seconds that the steps between two checks of the time should take."""


class Networks:
    """S networks in training side by side, each a row of the same tensors; a `hubbub.simulator.engine.System`.

    A network depends neither on the other networks (but for rounding) nor on how the steps are cut.

    Parameters
    ----------
    task
        The task that they are trained on.
    networks
        What is different about each; any selection from a grid gives the same networks as the whole grid.
    optimiser, pruning
        How they are trained.
    block
        Number of networks that are trained together; without it, as many as fit a CPU's caches, and all on a GPU.

    Attributes
    ----------
    parameters
        Weights and biases by name, `[S, …]`, in the task's order; those of integer type are not trained.
    masks
        1 for weights that remain and 0 for pruned ones, `[S, …]`; empty where no network is pruned.

    Raises
    ------
    ConfigurationError
        If the networks are not of one shape, or are to be pruned and have no weights.
    """

    def __init__(
        self,
        task: Task,
        networks: Sequence[Network],
        *,
        optimiser: Optimiser,
        pruning: Pruning | None = None,
        block: int | None = None,
    ) -> None:
        self.task, self.networks, self.now = task, tuple(networks), 0
        self.pruning = pruning or Pruning()
        self.parameters = _stacked([task.initial(network) for network in self.networks])
        some = next(iter(self.parameters.values()))
        self.optimiser = StackedOptimiser(
            optimiser, _trained(self.parameters), [network.learning_rate for network in self.networks]
        )
        self._shares = torch.tensor(
            [network.pruning for network in self.networks], dtype=torch.float64, device=some.device
        )
        if self._shares.any() and not weights_of(self.parameters):
            raise ConfigurationError("networks.pruning: expected 0 for a task whose networks have no weights to prune")
        self.masks: dict[str, Tensor] = (
            magnitude_masks(self.parameters, 0 * self._shares, scope="network") if self._shares.any() else {}
        )
        self._rewind_weights: dict[str, Tensor] = {}
        self._block = block or _block_size(self.parameters, some.device)
        self._step_s = STRIDE_S / 16  # a guess until the first steps are timed
        promote(self.parameters, torch.tensor([network.alpha for network in self.networks], dtype=torch.float64))
        self._apply_schedule(0)

    @property
    def stride(self) -> int:
        """Steps between two checks of the time; no result depends on it."""
        return max(1, int(STRIDE_S / self._step_s))

    @property
    def work(self) -> tuple[str, int]:
        """Updates of networks."""
        return "updates", self.now * self.task.updates * len(self.networks)

    def step(self, n: int) -> Records:
        """Make `n` steps, block by block between the steps of the pruning schedule."""
        start, until = time.perf_counter(), self.now + n
        while self.now < until:
            scheduled = (*self.pruning.steps, self.pruning.rewind_step or 0)
            ahead = min((step for step in scheduled if self.now < step < until), default=until)
            for rows in self._blocks():
                for step in range(self.now, ahead):
                    self._train(rows, step)
            self.now = ahead
            self._apply_schedule(ahead)
        self._step_s = (time.perf_counter() - start) / n
        return {}

    def observe(self, *, closely: bool) -> Observation:
        """Return the task's metrics of every network."""
        with torch.no_grad():
            parts = [
                self.task.observe(self._rows(self.parameters, rows), self.networks[rows], closely=closely)
                for rows in self._blocks()
            ]
        metrics: list[Row] = [
            {"name": name, "value": value, NETWORK: network}
            for name in parts[0]
            for network, value in enumerate(torch.cat([part[name] for part in parts]).tolist())
        ]
        return Observation(self.now, metrics)

    def state(self) -> State:
        """Return parameters, masks, moments of the optimiser, weights to rewind to, all `[S, …]`, and the step."""
        return State(self._tensors(), {"step": self.now})

    def load(self, state: State) -> None:
        """Load a state of the same configuration; `StoreError` where it belongs to another one."""
        self.now = int(state.values["step"])
        if self.pruning.rewind_step is not None and self.now >= self.pruning.rewind_step:
            self._rewind_weights = {name: torch.empty_like(values) for name, values in self.parameters.items()}
        for name, own in self._tensors().items():
            got = state.tensors.get(name)
            if got is None or got.shape != own.shape:
                raise StoreError(
                    f"checkpoint: expected {name} of shape {tuple(own.shape)}, got "
                    f"{'nothing' if got is None else tuple(got.shape)}; it belongs to another configuration"
                )
            own.copy_(got)

    def _train(self, rows: slice, step: int) -> None:
        """Make the updates of one step for the networks of a block."""
        own = self._rows(self.parameters, rows)
        trained = {name: values.requires_grad_() for name, values in _trained(own).items()}
        before = (step - self._last_rewind(step)) * self.task.updates
        for update, losses in enumerate(self.task.losses(own, self.networks[rows], step)):
            gradients = dict(zip(trained, torch.autograd.grad(losses.sum(), list(trained.values())), strict=True))
            for name, mask in self._rows(self.masks, rows).items():
                gradients[name].mul_(mask)
            self.optimiser.step(trained, gradients, rows, updates=before + update)

    @torch.no_grad()
    def _apply_schedule(self, step: int) -> None:
        """Keep the weights to rewind to, prune, rewind: whatever the schedule has after a step."""
        pruning = self.pruning
        if step == pruning.rewind_step:
            self._rewind_weights = {name: values.clone() for name, values in self.parameters.items()}
        if step not in pruning.steps:
            return
        if self.masks:
            rounds_made = (pruning.steps.index(step) + 1) / len(pruning.steps)
            shares = 1 - (1 - self._shares) ** rounds_made
            self.masks |= magnitude_masks(self.parameters, shares, scope=pruning.scope)
        if self._rewind_weights:
            for name, values in self.parameters.items():
                values.copy_(self._rewind_weights[name])
            self.optimiser.reset()
        for name, mask in self.masks.items():
            for tensors in (self.parameters, *self.optimiser.moments.values()):
                tensors[name].mul_(mask)

    def _last_rewind(self, step: int) -> int:
        """Return the step of the last rewind, which reset the optimiser, or 0."""
        return max((at for at in self.pruning.steps if at <= step and self._rewind_weights), default=0)

    def _blocks(self) -> Iterator[slice]:
        for start in range(0, len(self.networks), self._block):
            yield slice(start, start + self._block)

    def _rows(self, tensors: Parameters, rows: slice) -> dict[str, Tensor]:
        return {name: values[rows].detach() for name, values in tensors.items()}

    def _tensors(self) -> dict[str, Tensor]:
        weights = {"parameters": self.parameters, "masks": self.masks, "rewind": self._rewind_weights}
        kinds = {**weights, **self.optimiser.moments}
        return {f"{kind}.{name}": values for kind, of_kind in kinds.items() for name, values in of_kind.items()}


def _stacked(networks: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the parameters of networks as one stack; `ConfigurationError` where a shape differs."""
    first = {name: tuple(values.shape) for name, values in networks[0].items()}
    for number, network in enumerate(networks):
        shapes = {name: tuple(values.shape) for name, values in network.items()}
        for name in {**first, **shapes}:
            if first.get(name) != shapes.get(name):
                raise ConfigurationError(
                    f"task: expected networks of one shape, got {name} of {shapes.get(name)} in network {number} and "
                    f"of {first.get(name)} in network 0; train them in another run"
                )
    return {name: torch.stack([network[name] for network in networks]) for name in first}


def _trained(parameters: Parameters) -> dict[str, Tensor]:
    """Return the parameters that are trained: all but those of integer type, which are constants of a network."""
    return {name: values for name, values in parameters.items() if values.is_floating_point()}


def _block_size(parameters: Parameters, device: torch.device) -> int:
    if device.type != "cpu":
        return len(next(iter(parameters.values())))
    n_parameters = sum(math.prod(values.shape[1:]) for values in parameters.values())
    return max(1, min(NETWORKS_IN_A_BLOCK, PARAMETERS_IN_A_BLOCK // n_parameters))
