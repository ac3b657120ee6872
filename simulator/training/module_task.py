"""Tasks whose networks are a `torch.nn.Module`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call

from hubbub.simulator.training.catalogue import Parameters, Task

if TYPE_CHECKING:
    from hubbub.simulator.randomness import RandomStreams
    from hubbub.simulator.training.layout import Network

SAMPLES_AT_ONCE = 100
"""Bounds the memory of a look at many samples."""


class ModuleTask(Task):
    """A task whose networks are copies of `template` and compute as it does.

    Buffers of the template are constants for all, unless `initial` gives each network its own.

    A stack goes through the template by `torch.vmap`: dense layers become batched products, convolutions grouped ones.
    """

    def __init__(
        self, template: nn.Module, *, rng: RandomStreams, device: torch.device, weight_scale: float = 1.0
    ) -> None:
        self.template, self.rng, self.device, self.weight_scale = template.to(device), rng, device, weight_scale

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights of standard deviation `weight_scale` · √(2/inputs), biases 0, and norms as they are.

        He, Zhang, Ren & Sun (2015): with 1, ReLU layers keep the scale of what goes through them.
        """
        generator = self.rng.at("initial-weights", network.seed)
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
        return through(self.template, parameters, inputs, own=True)

    def outputs_of_all(self, parameters: Parameters, inputs: Tensor) -> Tensor:
        """Return what networks make of the same inputs `[B, …]`: `[S, B, …]`."""
        parts = inputs.split(SAMPLES_AT_ONCE)
        return torch.cat([through(self.template, parameters, part, own=False) for part in parts], dim=1)

    def features(self, parameters: Parameters) -> Tensor | None:
        """Return what all layers but the last make of the probe's inputs, one after the other: `[S, M, H]`."""
        probe = self.probe()
        if probe is None or not isinstance(self.template, nn.Sequential):
            return None
        below = self.template[:-1]
        own = {name: parameters[name] for name in below.state_dict() if name in parameters}
        return through(below, own, probe[1], own=False).flatten(2)


def through(module: nn.Module, parameters: Parameters, inputs: Tensor, *, own: bool) -> Tensor:
    """Return what a module with each of S parameters makes of inputs: of its `own [S, …]`, or of the same for all."""

    def one(of: dict[str, Tensor], given: Tensor) -> Tensor:
        made: Tensor = functional_call(module, of, (given,))
        return made

    return torch.vmap(one, in_dims=(0, 0 if own else None))(dict(parameters), inputs)
