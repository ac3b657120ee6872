"""Pictures of one disc on white paper: drawn from colour, radius and centre, and read again."""

from __future__ import annotations

import math

import torch
from torch import Tensor

GREEN = 0.5
"""Green of a disc, whatever its colour: what is missing of it tells which pixels are covered."""
LEAST = 1.0
"""Pixels that must be covered before a colour is read."""


def drawn(blue: Tensor, radius: Tensor, centre: Tensor, side: int) -> Tensor:
    """Return pictures `[…, 3, side, side]` of discs of colour (1 − blue, ½, blue) on white, brightness 0 to 1.

    `blue` and `radius` are `[…]`, `centre` `[…, 2]`; a picture reaches from −1 to 1 in both directions. Pixels on the
    border are covered as far as the disc reaches into them, to first order.
    """
    across, down = (each[..., None] - places(side, blue) for each in centre.unbind(-1))
    distance = (across.square()[..., None, :] + down.square()[..., :, None]).sqrt()
    cover = ((radius[..., None, None] - distance) * side / 2 + 0.5).clamp(0, 1)
    colour = torch.stack([1 - blue, torch.full_like(blue, GREEN), blue], dim=-1)
    return 1 - cover[..., None, :, :] * (1 - colour[..., None, None])


def read(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Return how blue a disc is and its radius, both `[…]`, from all that is not white in pictures `[…, 3, h, w]`.

    The green that is missing says how far a pixel is covered, and all pixels together the radius. The colour is the
    slope of blue less red over that, by least squares.
    """
    cover = covered(pictures)
    surplus = pictures[..., 2, :, :] - pictures[..., 0, :, :]
    weight = cover.square().sum(dim=(-2, -1)).clamp(min=LEAST)
    return 0.5 + (surplus * cover).sum(dim=(-2, -1)) / (2 * weight), (cover.mean(dim=(-2, -1)) * 4 / math.pi).sqrt()


def residue(pictures: Tensor) -> Tensor:
    """Return the share `[…]` of what is not white in pictures `[…, 3, h, w]` that the disc read off them leaves out.

    Of squares: 0 for a disc, 1 and more where a disc is no better than white paper.
    """
    blue, radius = read(pictures)
    cover = covered(pictures)
    at = places(pictures.shape[-1], pictures)
    whole = cover.sum(dim=(-2, -1)).clamp(min=LEAST)
    centre = torch.stack([(cover.sum(dim) * at).sum(-1) / whole for dim in (-2, -1)], dim=-1)
    left = (pictures - drawn(blue, radius, centre, len(at))).square().sum(dim=(-3, -2, -1))
    return left / (1 - pictures).square().sum(dim=(-3, -2, -1)).clamp(min=LEAST)


def covered(pictures: Tensor) -> Tensor:
    """Return how far every pixel of pictures `[…, 3, h, w]` is covered, `[…, h, w]`."""
    return (1 - pictures[..., 1, :, :]) / (1 - GREEN)


def places(side: int, like: Tensor) -> Tensor:
    """Return where the middles of the pixels are along a side `[side]`."""
    return (torch.arange(side, device=like.device) + 0.5) * 2 / side - 1
