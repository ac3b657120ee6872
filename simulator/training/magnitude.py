"""Magnitude pruning of a stack of networks."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from hubbub.simulator.counting import part
from hubbub.simulator.training.catalogue import Parameters


def weights_of(parameters: Parameters) -> list[str]:
    """Return the names of the weights in their order: parameters with two axes or more in a network, so no biases."""
    return [name for name, values in parameters.items() if values.ndim > 2]


def magnitude_masks(
    parameters: Parameters, shares: Float[torch.Tensor, " S"], *, scope: Literal["network", "layer"]
) -> dict[str, Tensor]:
    """Return 0 for the weights of smallest magnitude and 1 for the others, `[S, …]` of the dtype of the weights.

    In each network ⌊share · weights⌉ are 0, with `shares [S]` (float64), of the whole network or of every layer.
    Weights that are already 0 are the smallest, so what an earlier round pruned stays pruned.
    """
    weights = {name: parameters[name] for name in weights_of(parameters)}
    groups = [list(weights)] if scope == "network" else [[name] for name in weights]
    masks: dict[str, Tensor] = {}
    for group in groups:
        magnitudes = torch.cat([weights[name].abs().flatten(1) for name in group], dim=1)
        order = magnitudes.argsort(dim=1, stable=True)
        n_weights = magnitudes.shape[1]
        n_pruned = torch.tensor(
            [math.floor(part(share, n_weights) + Fraction(1, 2)) for share in shares.tolist()], device=order.device
        )
        ranks = torch.arange(magnitudes.shape[1], device=order.device)
        kept = torch.empty_like(magnitudes).scatter_(1, order, (ranks >= n_pruned[:, None]).to(magnitudes))
        parts = kept.split([weights[name][0].numel() for name in group], dim=1)
        masks |= {name: part.reshape(weights[name].shape) for name, part in zip(group, parts, strict=True)}
    return masks
