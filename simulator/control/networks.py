"""The networks of an agent: its policy and its value function."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from hubbub.simulator.training.catalogue import Parameters


class Agent(nn.Module):
    """What an agent has: a policy, the deviation of its Gaussian head, a value function.

    Parameters
    ----------
    observations, actions, widths
        Sizes O and A, and ReLU units of the hidden layers of either network; the policy has 2A outputs, see `heads`.
    deviation
        Standard deviation of the Gaussian at the start.
    """

    def __init__(self, observations: int, actions: int, widths: tuple[int, ...], deviation: float) -> None:
        super().__init__()
        self.policy = _layers(observations, *widths, 2 * actions)
        self.log_std = nn.Parameter(torch.full((actions,), math.log(deviation)))
        self.value = _layers(observations, *widths, 1)


def dense(parameters: Parameters, network: str, seen: Tensor, *, layers: int | None = None) -> Tensor:
    """Return what the first `layers` of the `network` of S agents make of `[S, B, O]`; without it, all."""
    weights = [name for name in parameters if name.startswith(network) and name.endswith("weight")]
    for number, weight in enumerate(weights[:layers]):
        bias = parameters[weight.removesuffix("weight") + "bias"]
        seen = torch.baddbmm(bias[:, None], seen.relu() if number else seen, parameters[weight].mT)
    return seen


def _layers(*sizes: int) -> nn.Sequential:
    parts: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        parts += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*parts[:-1])
