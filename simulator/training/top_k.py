"""The top-k layer: it keeps only the strongest activations of every channel."""

from __future__ import annotations

import math

import torch
from jaxtyping import Shaped
from torch import Tensor, nn

from hubbub.simulator.counting import part


class TopK(nn.Module):
    """Keeps the `kept` activations of largest magnitude of each sample and channel, and sets the others to 0.

    The gradient flows through those that are kept (Li, Wen, Li & Lee 2023). Of equal magnitudes the first are kept.

    Attributes
    ----------
    kept
        A buffer, `[]`, so that networks of one stack may keep different numbers: `[S]` under `torch.vmap`. At first
        it is the number of all positions.
    """

    kept: Tensor
    unit_by_unit = True
    """For path counting: paths pass through it unit by unit; which units are active is decided before it."""

    def __init__(self, positions: int) -> None:
        super().__init__()
        self.register_buffer("kept", torch.tensor(positions))

    def forward(self, activations: Tensor) -> Tensor:
        """Return activations `[…, C, height, width]`."""
        return activations * strongest(activations.detach().flatten(-2), self.kept).view_as(activations)


def strongest(
    activations: Shaped[torch.Tensor, "*batch positions"], kept: Tensor
) -> Shaped[torch.Tensor, "*batch positions"]:
    """Return 1 for the `kept` activations of largest magnitude of each row `[…, positions]`, and 0 for the others."""
    order = activations.abs().argsort(dim=-1, descending=True, stable=True)
    among = (torch.arange(activations.shape[-1], device=order.device) < kept).to(activations)
    return torch.zeros_like(activations).scatter(-1, order, among.expand_as(activations))


def kept_of(share: float, positions: int) -> int:
    """Return the number of `positions` that a share keeps: rounded down as in the source, and at least one."""
    return max(1, math.floor(part(share, positions)))
