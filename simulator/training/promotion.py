"""The emergence-promoting initialisation: smaller weights in early layers, larger ones in late layers."""

from __future__ import annotations

import torch
from jaxtyping import Float

from hubbub.simulator.training.catalogue import Parameters
from hubbub.simulator.training.magnitude import weights_of


@torch.no_grad()
def promote(parameters: Parameters, alphas: Float[torch.Tensor, " S"]) -> None:
    """Scale the weights `[S, …]` of layers by powers of `alphas [S]`, in place (Li, George & Silva 2024).

    Layers are counted from the middle one: the n-th before it is divided by αⁿ, the n-th after it multiplied by αⁿ. The
    product of all factors is 1, so a network without biases and with positively homogeneous non-linearities keeps its
    outputs.
    """
    names = weights_of(parameters)
    half = len(names) // 2
    powers = [power for power in range(-half, half + 1) if power or len(names) % 2]
    for name, power in zip(names, powers, strict=True):
        values = parameters[name]
        values.mul_((alphas**power).view(-1, *[1] * (values.ndim - 1)).to(values))
