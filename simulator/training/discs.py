"""Pictures of one disc on white: drawn from colour, radius and centre, and these measured from a picture."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor

GREEN = 0.5
"""Green of every disc, whatever its colour: the missing green tells how much of a pixel is covered."""
LEAST_COVERAGE = 1.0
"""Denominators are at least so many covered pixels, so that a white picture has a colour."""


def draw_discs(
    blue: Float[torch.Tensor, "*batch"],
    radius: Float[torch.Tensor, "*batch"],
    centre: Float[torch.Tensor, "*batch 2"],
    side: int,
) -> Float[torch.Tensor, "*batch 3 h w"]:
    """Return pictures `[…, 3, side, side]` of discs of colour (1 − blue, ½, blue) on white, brightness 0 to 1.

    `blue` and `radius` are `[…]`, `centre` `[…, 2]`; a picture extends from −1 to 1 in both directions. The coverage of
    pixels on the border of the disc is exact to first order.
    """
    across, down = (each[..., None] - pixel_centres(side, blue) for each in centre.unbind(-1))
    distance = (across.square()[..., None, :] + down.square()[..., :, None]).sqrt()
    cover = ((radius[..., None, None] - distance) * side / 2 + 0.5).clamp(0, 1)
    colour = torch.stack([1 - blue, torch.full_like(blue, GREEN), blue], dim=-1)
    return 1 - cover[..., None, :, :] * (1 - colour[..., None, None])


def measure_discs(
    pictures: Float[torch.Tensor, "*batch 3 h w"],
) -> tuple[Float[torch.Tensor, "*batch"], Float[torch.Tensor, "*batch"]]:
    """Return the blue and the radius of a disc, both `[…]`, from all that is not white in pictures `[…, 3, h, w]`.

    The missing green gives the coverage of a pixel, and the sum of the coverage the radius. The colour is the slope of
    blue less red over the coverage, by least squares.
    """
    cover = coverage(pictures)
    surplus = pictures[..., 2, :, :] - pictures[..., 0, :, :]
    weight = cover.square().sum(dim=(-2, -1)).clamp(min=LEAST_COVERAGE)
    return 0.5 + (surplus * cover).sum(dim=(-2, -1)) / (2 * weight), (cover.mean(dim=(-2, -1)) * 4 / math.pi).sqrt()


def residue(pictures: Float[torch.Tensor, "*batch 3 h w"]) -> Float[torch.Tensor, "*batch"]:
    """Return the share `[…]` of pictures `[…, 3, h, w]` that the disc measured from them does not explain.

    It is a ratio of sums of squares: 0 for a disc, 1 or more where a disc fits no better than a white picture.
    """
    blue, radius = measure_discs(pictures)
    cover = coverage(pictures)
    at = pixel_centres(pictures.shape[-1], pictures)
    whole = cover.sum(dim=(-2, -1)).clamp(min=LEAST_COVERAGE)
    centre = torch.stack([(cover.sum(dim) * at).sum(-1) / whole for dim in (-2, -1)], dim=-1)
    unexplained = (pictures - draw_discs(blue, radius, centre, len(at))).square().sum(dim=(-3, -2, -1))
    return unexplained / (1 - pictures).square().sum(dim=(-3, -2, -1)).clamp(min=LEAST_COVERAGE)


def coverage(pictures: Float[torch.Tensor, "*batch 3 h w"]) -> Float[torch.Tensor, "*batch h w"]:
    """Return the share of every pixel of pictures `[…, 3, h, w]` that is covered, `[…, h, w]`."""
    return (1 - pictures[..., 1, :, :]) / (1 - GREEN)


def pixel_centres(side: int, like: Tensor) -> Float[torch.Tensor, " side"]:
    """Return the positions of the centres of the pixels along a side `[side]`, from −1 to 1."""
    return (torch.arange(side, device=like.device) + 0.5) * 2 / side - 1
