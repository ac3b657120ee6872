"""The networks of an agent: its policy (actor) and its value function (critic)."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import nn

from hubbub.simulator.training.catalogue import Parameters


class ActorCritic(nn.Module):
    """The networks of an agent: a policy, the standard deviation of its Gaussian head, a value function.

    Parameters
    ----------
    observations, actions, widths
        Sizes O and A, and ReLU units of the hidden layers of either network; the policy has 2A outputs, see `heads`.
    initial_std
        Standard deviation of the Gaussian at the start.
    """

    def __init__(self, observations: int, actions: int, widths: tuple[int, ...], initial_std: float) -> None:
        super().__init__()
        self.policy = _layers(observations, *widths, 2 * actions)
        self.log_std = nn.Parameter(torch.full((actions,), math.log(initial_std)))
        self.value = _layers(observations, *widths, 1)


def dense(
    parameters: Parameters, network: str, inputs: Float[torch.Tensor, "S B inputs"], *, layers: int | None = None
) -> Float[torch.Tensor, "S B outputs"]:
    """Return the outputs of the first `layers` layers (without it: of all) of the `network` of S agents."""
    outputs = inputs
    weights = [name for name in parameters if name.startswith(network) and name.endswith("weight")]
    for number, weight in enumerate(weights[:layers]):
        bias = parameters[weight.removesuffix("weight") + "bias"]
        outputs = torch.baddbmm(bias[:, None], outputs.relu() if number else outputs, parameters[weight].mT)
    return outputs


def _layers(*sizes: int) -> nn.Sequential:
    parts: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        parts += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*parts[:-1])
