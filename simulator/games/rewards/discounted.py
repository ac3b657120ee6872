"""Short messages earn more."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field

from hubbub.simulator.games.rewards.catalogue import reward


@reward("discounted")
def discounted(
    success: torch.Tensor, lengths: torch.Tensor, *, discount: Annotated[float, Field(gt=0, le=1)] = 0.9
) -> torch.Tensor:
    """Return `discount` to the power of the number of symbols sent after the first, where the message is understood.

    Unlike `channel.length_cost`, it costs nothing to be long and misunderstood.
    """
    return success * discount ** (lengths - 1).clamp(min=0)
