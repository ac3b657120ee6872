"""Tasks whose networks are a `torch.nn.Module`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from simulator.training.catalogue import Parameters, Task

if TYPE_CHECKING:
    from simulator.randomness import Luck
    from simulator.training.layout import Network

SAMPLES_AT_ONCE = 100
"""Bounds the memory of a look at many samples."""


class ModuleTask(Task):
    """A task whose networks are copies of `template`, a module without buffers, and compute as it does.

    A stack goes through the template by `torch.vmap`: dense layers become batched products, convolutions grouped ones.
    """

    def __init__(self, template: nn.Module, *, luck: Luck, device: torch.device) -> None:
        self.template, self.luck, self.device = template.to(device), luck, device

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return weights uniform in ± 1/√(inputs), torch's own scale, and biases 0."""
        generator = self.luck.at("initial-weights", network.seed)
        return {
            name: torch.from_numpy(uniform(tuple(parameter.shape), generator)).to(self.device)
            for name, parameter in self.template.named_parameters()
        }

    def outputs(self, parameters: Parameters, inputs: Tensor) -> Tensor:
        """Return what networks make of their own inputs `[S, B, …]`: `[S, B, …]`."""
        return self._through(parameters, inputs, own=0)

    def outputs_of_all(self, parameters: Parameters, inputs: Tensor) -> Tensor:
        """Return what networks make of the same inputs `[B, …]`: `[S, B, …]`."""
        return torch.cat([self._through(parameters, part, own=None) for part in inputs.split(SAMPLES_AT_ONCE)], dim=1)

    def _through(self, parameters: Parameters, inputs: Tensor, *, own: int | None) -> Tensor:
        def one(of: dict[str, Tensor], given: Tensor) -> Tensor:
            made: Tensor = functional_call(self.template, of, (given,))
            return made

        return torch.vmap(one, in_dims=(0, own))(dict(parameters), inputs)


def uniform(shape: tuple[int, ...], generator: np.random.Generator) -> np.ndarray:
    """Return float32 weights `[outputs, inputs …]` uniform in ± 1/√(inputs); zeros for a bias `[outputs]`."""
    if len(shape) < 2:
        return np.zeros(shape, dtype=np.float32)
    bound = 1 / math.sqrt(math.prod(shape[1:]))
    return generator.uniform(-bound, bound, shape).astype(np.float32)
