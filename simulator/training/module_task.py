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
    """A task whose networks are copies of `template` and compute as it does; buffers of it are constants for all.

    A stack goes through the template by `torch.vmap`: dense layers become batched products, convolutions grouped ones.
    """

    def __init__(self, template: nn.Module, *, luck: Luck, device: torch.device, weight_scale: float = 1.0) -> None:
        self.template, self.luck, self.device, self.weight_scale = template.to(device), luck, device, weight_scale

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights of standard deviation `weight_scale` · √(2/inputs), biases 0, and norms as they are.

        He, Zhang, Ren & Sun (2015): with 1, ReLU layers keep the scale of what goes through them.
        """
        generator = self.luck.at("initial-weights", network.seed)
        begun = {}
        for name, parameter in self.template.named_parameters():
            begun[name] = parameter.detach().clone()
            if parameter.ndim > 1:
                drawn = torch.from_numpy(generator.standard_normal(parameter.shape, dtype=np.float32))
                begun[name] = drawn.to(self.device) * self.weight_scale * math.sqrt(2 / parameter[0].numel())
            elif name.endswith("bias"):
                begun[name].zero_()
        return begun

    def outputs(self, parameters: Parameters, inputs: Tensor) -> Tensor:
        """Return what networks make of their own inputs `[S, B, …]`: `[S, B, …]`."""
        return self._through(parameters, inputs, own=0)

    def outputs_of_all(self, parameters: Parameters, inputs: Tensor) -> Tensor:
        """Return what networks make of the same inputs `[B, …]`: `[S, B, …]`."""
        return torch.cat([self._through(parameters, part, own=None) for part in inputs.split(SAMPLES_AT_ONCE)], dim=1)

    def features(self, parameters: Parameters) -> Tensor | None:
        """Return what all layers but the last make of the probe's inputs, one after the other: `[S, M, H]`."""
        probe = self.probe()
        if probe is None or not isinstance(self.template, nn.Sequential):
            return None
        below = self.template[:-1]
        own = {name: parameters[name] for name in below.state_dict() if name in parameters}

        def one(of: dict[str, Tensor]) -> Tensor:
            made: Tensor = functional_call(below, of, (probe[1],))
            return made

        return torch.vmap(one)(own).flatten(2)

    def _through(self, parameters: Parameters, inputs: Tensor, *, own: int | None) -> Tensor:
        def one(of: dict[str, Tensor], given: Tensor) -> Tensor:
            made: Tensor = functional_call(self.template, of, (given,))
            return made

        return torch.vmap(one, in_dims=(0, own))(dict(parameters), inputs)
