"""How rugged the loss of trained networks is: local minima along lines and planes, and curvature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from torch import Tensor

    Parameters: TypeAlias = Mapping[str, Tensor]
    Loss: TypeAlias = Callable[[Parameters], Tensor]

TOLERANCE = 1e-5


@dataclass(frozen=True)
class Slices:
    """Losses of S networks on lines or planes through their weights.

    Attributes
    ----------
    distances
        Places along a direction `[K]`: 0 is the network itself, 1 a change of every unit's weights by their own norm
        (on a path between two networks: 0 is the one, 1 the other).
    losses
        Losses `[S, slices, K]` on lines, `[S, slices, K, K]` on planes.
    minima
        Local minima inside each slice `[S, slices]`.
    """

    distances: np.ndarray
    losses: np.ndarray
    minima: np.ndarray


def local_minima(losses: np.ndarray, *, axes: int = 1, tolerance: float = TOLERANCE) -> np.ndarray:
    """Return how many inner points of lines `[…, K]` (`axes=1`) or planes `[…, K, K]` (2) are local minima, `[…]`.

    A point counts that lies below each of its 2 or 8 neighbours by more than `tolerance` of its own loss, which keeps
    the rounding of float32 from being counted. What is finer than the grid is not seen.

    Raises
    ------
    ConfigurationError
        For slices of fewer than three points, and losses that are not finite.
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
    """Return the loss on random lines (`axes=1`) or planes (2) through the weights of each network.

    Directions are Gaussian, scaled for every unit to the norm of its weights (Li, Xu, Taylor, Studer & Goldstein 2018),
    because a ReLU network may trade scale between layers; biases stay, and weights that `masks` has 0 for. All
    networks get the same draws. O(slices · points^axes) evaluations of `loss`.

    Parameters
    ----------
    loss
        Function of parameters `[S, …]` that gives losses `[S]`, of a fixed batch.
    at
        Parameters by name, `[S, …]`.
    reach
        Farthest distance in both directions.
    points
        Places along each direction.
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


def linear_interpolation(loss: Loss, start: Parameters, end: Parameters, *, points: int = 41) -> Slices:
    """Return the loss on the straight line from one state of each network to another (Goodfellow, Vinyals & Saxe 2015).

    `loss`, `start` and `end` as `loss` and `at` in `random_slices`.
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
    """Trace of the Hessian of the loss of each network `[S]`, and its standard error over probes `[S]`."""

    value: np.ndarray
    error: np.ndarray
    n_probes: int


def hessian_trace(
    loss: Loss,
    at: Parameters,
    *,
    generator: np.random.Generator,
    probes: int = 20,
    masks: Parameters | None = None,
) -> HessianTrace:
    """Return tr ∂²L/∂w² at the weights of each network, estimated as the mean of vᵀHv over random signs v.

    Hutchinson (1990). At a minimum it is the sum of all curvatures, a common measure of sharpness; weights that `masks`
    has 0 for are no parameters. `loss` and `at` as in `random_slices`. O(probes) gradients.
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
