"""The top-k layer: of the places in a channel only the strongest pass their activation on."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class TopK(nn.Module):
    """Keeps the `kept` activations of largest magnitude of each sample and channel, and makes the others 0.

    The gradient goes through those kept (Li, Wen, Li & Lee 2023). Of equal magnitudes the first come first.

    Attributes
    ----------
    kept
        A buffer, `[]`, so that networks of one stack may keep different numbers: `[S]` under `torch.vmap`. All places
        at first.
    """

    kept: Tensor
    unit_by_unit = True
    """Paths pass through it; which units are active is seen before it."""

    def __init__(self, places: int) -> None:
        super().__init__()
        self.register_buffer("kept", torch.tensor(places))

    def forward(self, activations: Tensor) -> Tensor:
        """Return activations `[…, C, height, width]`."""
        return activations * strongest(activations.detach().flatten(-2), self.kept).view_as(activations)


def strongest(activations: Tensor, kept: Tensor) -> Tensor:
    """Return 1 for the `kept` activations of largest magnitude of each row `[…, places]`, and 0 for the others."""
    order = activations.abs().argsort(dim=-1, descending=True, stable=True)
    among = (torch.arange(activations.shape[-1], device=order.device) < kept).to(activations)
    return torch.zeros_like(activations).scatter(-1, order, among.expand_as(activations))


def kept_of(share: float, places: int) -> int:
    """Return how many of `places` a share keeps: one or more, and rounded down, as the source has it."""
    return max(1, int(share * places))
