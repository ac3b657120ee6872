"""Ruggedness of the loss around trained networks: local minima on lines and planes, and curvature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.validation import AT_LEAST_1, AT_LEAST_3, NOT_NEGATIVE, POSITIVE, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Parameters: TypeAlias = Mapping[str, Float[torch.Tensor, "S ..."]]
    Loss: TypeAlias = Callable[[Parameters], Float[torch.Tensor, " S"]]

TOLERANCE = 1e-5
"""A minimum is lower than its neighbours by more than this share of its own loss; larger than float32 rounding."""


@dataclass(frozen=True)
class Slices:
    """Losses of S networks on lines or planes through their weights.

    Attributes
    ----------
    distances
        Distances along a direction, `[K]`. At 0 is the network itself; at 1 the weights of every unit have changed by
        their own norm. On a line between two networks, 0 is the first and 1 the second.
    losses
        Losses `[S, slices, K]` on lines, `[S, slices, K, K]` on planes.
    minima
        Number of local minima inside each slice, `[S, slices]`.
    """

    distances: Float[np.ndarray, " K"]
    losses: Float[np.ndarray, "S slices ..."]
    minima: Int[np.ndarray, "S slices"]


@validated(axes=AT_LEAST_1, tolerance=NOT_NEGATIVE)
def local_minima(
    losses: Real[np.ndarray, " ..."], *, axes: int = 1, tolerance: float = TOLERANCE
) -> Int[np.ndarray, " ..."]:
    """Return the number of local minima among the inner points of lines or planes, `[…]`.

    A point is a local minimum when its loss is lower than that of each of its 2 or 8 neighbours by more than
    `tolerance` times its own; float32 rounding is therefore not counted. Minima between grid points are not found.

    Parameters
    ----------
    losses
        Losses on lines `[…, K]` (`axes=1`) or planes `[…, K, K]` (`axes=2`).

    Raises
    ------
    ConfigurationError
        Slices of fewer than three points, or losses that are not finite.
    """
    values = np.asarray(losses, dtype=np.float64)
    if values.ndim < axes or min(values.shape[-axes:]) < 3:
        raise ConfigurationError(complaint("losses", expected=f"{axes} axes of 3 points or more", got=values.shape))
    if not np.isfinite(values).all():
        raise ConfigurationError(
            f"losses: expected finite numbers, got {np.count_nonzero(~np.isfinite(values))} others"
        )
    over = tuple(range(-axes, 0))
    inside: Any = (..., *[slice(1, -1)] * axes)
    within = values[inside]
    margin, lowest = tolerance * np.abs(within), np.full(within.shape, True)
    for shift in product((-1, 0, 1), repeat=axes):
        if any(shift):
            sides = zip(shift, values.shape[-axes:], strict=True)
            beside: Any = (..., *[slice(1 + by, size - 1 + by) for by, size in sides])
            lowest = lowest & (within < values[beside] - margin)
    return np.asarray(lowest.sum(axis=over))


@validated(axes=AT_LEAST_1, slices=AT_LEAST_1, reach=POSITIVE, points=AT_LEAST_3)
def random_slices(
    loss: Loss,
    at: Parameters,
    *,
    generator: np.random.Generator,
    axes: int = 1,
    slices: int = 5,
    reach: float = 1.0,
    points: int = 41,
    masks: Parameters | None = None,
) -> Slices:
    """Return the loss on random lines (`axes=1`) or planes (`axes=2`) through the weights of each network.

    Directions are Gaussian and filter-normalised: for every unit they have the norm of its weights (Li, Xu, Taylor,
    Studer & Goldstein 2018), because a ReLU network can move scale from one layer to another. Biases are not changed,
    nor weights whose mask is 0. All networks get the same random numbers.

    Parameters
    ----------
    loss
        Function of parameters `[S, …]` that returns losses `[S]` on a fixed batch.
    at
        Parameters by name, `[S, …]`.
    generator
        Draws the directions.
    slices
        Number of lines or planes.
    reach
        Largest distance in both directions.
    points
        Number of points along each direction.
    masks
        By the name of a parameter, 0 where a weight is pruned; None for no pruned weights.

    Notes
    -----
    O(slices · points^axes) evaluations of `loss`.
    """
    import torch

    distances = np.linspace(-reach, reach, points)
    found = []
    with torch.no_grad():
        for _ in range(slices):
            directions = [_direction(at, generator, masks or {}) for _ in range(axes)]
            on_grid = []
            for place in product(distances, repeat=axes):
                moved = dict(at)
                for distance, direction in zip(place, directions, strict=True):
                    moved |= {name: moved[name] + float(distance) * of for name, of in direction.items()}
                on_grid.append(loss(moved).double().cpu().numpy())
            found.append(np.stack(on_grid, axis=-1).reshape(-1, *[points] * axes))
    losses = np.stack(found, axis=1)
    return Slices(distances, losses, local_minima(losses, axes=axes))


@validated(points=AT_LEAST_3)
def linear_interpolation(loss: Loss, start: Parameters, end: Parameters, *, points: int = 41) -> Slices:
    """Return the loss on the straight line between two states of each network (Goodfellow, Vinyals & Saxe 2015).

    `loss` is as in `random_slices`; `start` and `end` are parameters by name, `[S, …]`. Deterministic; O(points)
    evaluations of `loss`.
    """
    import torch

    distances = np.linspace(0, 1, points)
    with torch.no_grad():
        on_line = [
            loss({name: values.lerp(end[name], float(place)) for name, values in start.items()}).double().cpu().numpy()
            for place in distances
        ]
    losses = np.stack(on_line, axis=-1)[:, None]
    return Slices(distances, losses, local_minima(losses))


@dataclass(frozen=True)
class HessianTrace:
    """Trace of the Hessian of the loss of each network, `[S]`, and its standard error over probes, `[S]`."""

    value: Float[np.ndarray, " S"]
    error: Float[np.ndarray, " S"]
    n_probes: int


@validated(probes=AT_LEAST_1)
def hessian_trace(
    loss: Loss,
    at: Parameters,
    *,
    generator: np.random.Generator,
    probes: int = 20,
    masks: Parameters | None = None,
) -> HessianTrace:
    """Return the trace of the Hessian H = ∂²L/∂w² at the weights of each network, by Hutchinson's estimator (1990).

    It is the mean of vᵀHv over vectors v of random signs. At a minimum the trace is the sum of all curvatures, a common
    measure of sharpness. Weights whose mask is 0 are not counted as parameters.

    Parameters
    ----------
    loss, at, masks
        As in `random_slices`.
    generator
        Draws the signs.
    probes
        Number of vectors v, two or more for a standard error.

    Notes
    -----
    O(probes) gradients.
    """
    import torch

    weights = {name: values.detach().clone().requires_grad_() for name, values in at.items()}
    slopes = torch.autograd.grad(loss(weights).sum(), list(weights.values()), create_graph=True)
    found = []
    for _ in range(probes):
        signs = [
            torch.as_tensor(generator.choice((-1.0, 1.0), size=values.shape[1:])).to(values)
            * (masks or {}).get(name, torch.ones_like(values))
            for name, values in weights.items()
        ]
        along = torch.stack([(slope * sign).sum() for slope, sign in zip(slopes, signs, strict=True)]).sum()
        curved = torch.autograd.grad(along, list(weights.values()), retain_graph=True)
        each = [(of * sign).flatten(1).sum(1, dtype=torch.float64) for of, sign in zip(curved, signs, strict=True)]
        found.append(torch.stack(each).sum(0).cpu().numpy())
    values = np.stack(found, axis=1)
    return HessianTrace(values.mean(1), values.std(1, ddof=1) / np.sqrt(probes), probes)


def _direction(at: Parameters, generator: np.random.Generator, masks: Parameters) -> dict[str, Tensor]:
    """Return one random direction for the weights of each network `[S, …]`."""
    import torch

    direction = {}
    for name, values in at.items():
        drawn = torch.as_tensor(generator.standard_normal(values.shape[1:]))
        if values.ndim > 2:
            step = drawn.to(values).expand_as(values) * masks.get(name, torch.ones_like(values))
            lengths, norms = (of.flatten(2).norm(dim=2) for of in (step, values))
            scale = torch.where(lengths > 0, norms / lengths, 0.0)
            direction[name] = step * scale.view(*scale.shape, *[1] * (values.ndim - 2))
    return direction
