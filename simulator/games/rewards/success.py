"""The usual reward: a game that is understood earns 1."""

from __future__ import annotations

import torch

from hubbub.simulator.games.rewards.catalogue import reward


@reward("success")
def success(success: torch.Tensor) -> torch.Tensor:
    """Return 1 where the listener has understood, else 0. What the trainer follows is its log-likelihood."""
    return success
