"""Advantages: how much more an action earned than the value function expected."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float


def advantages(
    rewards: Float[torch.Tensor, "S T ..."],
    values: Float[torch.Tensor, "S T ..."],
    next_values: Float[torch.Tensor, "S T ..."],
    terminated: Bool[torch.Tensor, "S T ..."],
    ended: Bool[torch.Tensor, "S T ..."],
    *,
    discount: float,
    gae_lambda: float,
) -> Float[torch.Tensor, "S T ..."]:
    """Return the generalised advantages `[S, T, …]` (Schulman, Moritz, Levine, Jordan & Abbeel 2016, equation 16).

    `next_values` are the values of the state that each step led to, before an episode is reset. After an episode that
    was truncated, the value of its last state counts; after one that `terminated`, nothing does. No sum goes beyond
    the end of an episode (`ended`). O(S T).
    """
    td_errors = rewards + discount * next_values * ~terminated - values
    found, following = torch.empty_like(rewards), torch.zeros_like(rewards[:, 0])
    for step in reversed(range(rewards.shape[1])):
        following = td_errors[:, step] + discount * gae_lambda * following * ~ended[:, step]
        found[:, step] = following
    return found
