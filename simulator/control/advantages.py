"""How much better than expected an action turned out."""

from __future__ import annotations

import torch
from torch import Tensor


def advantages(
    rewards: Tensor,
    values: Tensor,
    next_values: Tensor,
    terminated: Tensor,
    ended: Tensor,
    *,
    discount: float,
    trace: float,
) -> Tensor:
    """Return the generalised advantages `[S, T, …]` (Schulman, Moritz, Levine, Jordan & Abbeel 2016, equation 16).

    `next_values` are those of the state that a step led to, before anything begins anew: an episode that was cut off
    is worth what its last state promises, one that `terminated` nothing more. No sum reaches across the end of one.
    """
    surprises = rewards + discount * next_values * ~terminated - values
    found, later = torch.empty_like(rewards), torch.zeros_like(rewards[:, 0])
    for step in reversed(range(rewards.shape[1])):
        later = surprises[:, step] + discount * trace * later * ~ended[:, step]
        found[:, step] = later
    return found
