"""The emergence-promoting initialisation: early layers made smaller, late layers larger."""

from __future__ import annotations

import torch

from hubbub.simulator.training.catalogue import Parameters
from hubbub.simulator.training.magnitude import weights_of


@torch.no_grad()
def promote(parameters: Parameters, alphas: torch.Tensor) -> None:
    """Scale the weights `[S, …]` of layers by powers of `alphas [S]`, in place (Li, George & Silva 2024).

    Layers are numbered from the middle: the n-th before it is divided by αⁿ, the n-th after it multiplied. The factors
    multiply to 1, so a network without biases whose non-linearities are positively homogeneous keeps its outputs.
    """
    names = weights_of(parameters)
    half = len(names) // 2
    powers = [power for power in range(-half, half + 1) if power or len(names) % 2]
    for name, power in zip(names, powers, strict=True):
        values = parameters[name]
        values.mul_((alphas**power).view(-1, *[1] * (values.ndim - 1)).to(values))
