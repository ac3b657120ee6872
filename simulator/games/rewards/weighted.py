"""Some referents matter more than others."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.rewards.catalogue import reward


@reward("weighted")
def weighted(
    success: torch.Tensor,
    objects: torch.Tensor,
    referents: Referents,
    *,
    weights: tuple[Annotated[float, Field(ge=0)], ...] = (1.0,),
    attribute: Annotated[int, Field(ge=0)] = 0,
) -> torch.Tensor:
    """Return, where the listener has understood, the weight of the referent: that of its value of an `attribute`.

    The `weights` are those of the values 0, 1, …; values beyond the last one have the last one's.
    """
    if attribute >= referents.n_attributes:
        raise ConfigurationError(
            f"attribute: expected a number below {referents.n_attributes}, that of the attributes, got {attribute}"
        )
    values = torch.from_numpy(referents.attributes[:, attribute]).to(objects.device)[objects]
    of_values = torch.tensor(weights, dtype=success.dtype, device=objects.device)
    return success * of_values[values.clamp(max=len(weights) - 1)]
