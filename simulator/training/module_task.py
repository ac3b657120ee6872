"""Tasks whose networks are a `torch.nn.Module`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Shaped
from torch import Tensor, nn
from torch.func import functional_call

from hubbub.simulator.training.catalogue import Parameters, Task

if TYPE_CHECKING:
    from hubbub.simulator.randomness import RandomStreams
    from hubbub.simulator.training.layout import Network

SAMPLES_AT_ONCE = 100
"""Samples that are computed together: bounds the memory."""


class ModuleTask(Task):
    """A task whose networks are copies of `template`.

    Buffers of the template are constants for all, unless `initial` gives each network its own. The stack is computed by
    `torch.vmap` of the template: dense layers become batched products, convolutions grouped convolutions.
    """

    def __init__(
        self, template: nn.Module, *, rng: RandomStreams, device: torch.device, weight_scale: float = 1.0
    ) -> None:
        self.template, self.rng, self.device, self.weight_scale = template.to(device), rng, device, weight_scale

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights of standard deviation `weight_scale` · √(2/inputs), biases 0, norms as in the template.

        With `weight_scale` 1, ReLU layers keep the scale of their inputs (He, Zhang, Ren & Sun 2015).
        """
        generator = self.rng.at("initial-weights", network.seed)
        initial = {}
        for name, parameter in self.template.named_parameters():
            initial[name] = parameter.detach().clone()
            if parameter.ndim > 1:
                drawn = torch.from_numpy(generator.standard_normal(parameter.shape, dtype=np.float32))
                initial[name] = drawn.to(self.device) * self.weight_scale * math.sqrt(2 / parameter[0].numel())
            elif name.endswith("bias"):
                initial[name].zero_()
        return initial

    def outputs(
        self, parameters: Parameters, inputs: Shaped[torch.Tensor, "S B ..."]
    ) -> Shaped[torch.Tensor, "S B ..."]:
        """Return the outputs `[S, B, …]` of networks on their own inputs `[S, B, …]`."""
        return stacked_outputs(self.template, parameters, inputs, own=True)

    def outputs_of_all(
        self, parameters: Parameters, inputs: Shaped[torch.Tensor, "B ..."]
    ) -> Shaped[torch.Tensor, "S B ..."]:
        """Return the outputs `[S, B, …]` of all networks on the same inputs `[B, …]`."""
        parts = inputs.split(SAMPLES_AT_ONCE)
        return torch.cat([stacked_outputs(self.template, parameters, part, own=False) for part in parts], dim=1)

    def features(self, parameters: Parameters) -> Tensor | None:
        """Return the outputs of all layers but the last on the inputs of the probe, flattened: `[S, M, H]`."""
        probe = self.probe()
        if probe is None or not isinstance(self.template, nn.Sequential):
            return None
        below = self.template[:-1]
        own = {name: parameters[name] for name in below.state_dict() if name in parameters}
        return stacked_outputs(below, own, probe[1], own=False).flatten(2)


def stacked_outputs(
    module: nn.Module, parameters: Parameters, inputs: Tensor, *, own: bool
) -> Shaped[torch.Tensor, "S ..."]:
    """Return the outputs `[S, …]` of a module with each of S sets of parameters.

    Each set gets its `own` inputs, `[S, …]`, or all get the same.
    """

    def one(values: dict[str, Tensor], of_one: Tensor) -> Tensor:
        outputs: Tensor = functional_call(module, values, (of_one,))
        return outputs

    return torch.vmap(one, in_dims=(0, 0 if own else None))(dict(parameters), inputs)
