"""The pruning curve: accuracy against the share of weights that are removed."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.analysis.validation import validated
from hubbub.simulator.counting import part
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class PruningCurve:
    """Accuracy against sparsity.

    Attributes
    ----------
    sparsities, accuracies
        Shares of weights that are removed, `[S]`, ascending from 0, and the accuracy at each, `[S]`.
    area
        Mean accuracy over the range of sparsities: the area under the curve divided by its width.
    tolerated
        Sparsity at which accuracy first falls more than `drop` below the accuracy at sparsity 0, by linear
        interpolation between points. Where it never does, the last sparsity; `reason` then says so.
    drop
        How much accuracy may be lost.
    reason
        Why `tolerated` is the last sparsity; "" otherwise.
    """

    sparsities: Float[np.ndarray, " S"]
    accuracies: Float[np.ndarray, " S"]
    area: float
    tolerated: float
    drop: float
    reason: str = ""


@validated()
def pruning_curve(
    accuracy: Callable[[float], float], sparsities: Sequence[float], *, drop: float = 0.01
) -> PruningCurve:
    """Return the accuracy at each sparsity, the area under the curve, and the sparsity at which `drop` is lost.

    Parameters
    ----------
    accuracy
        Function of the sparsity, for example `lambda sparsity: test(magnitude_pruned(network, sparsity))`.
    sparsities
        Two or more shares `[S]`, ascending from 0, at most 1.
    drop
        How much accuracy may be lost.

    Raises
    ------
    ConfigurationError
        Sparsities that do not ascend from 0 within 0 … 1, or an accuracy that is not finite.
    """
    at = np.asarray(sparsities, dtype=np.float64)
    if not (at.ndim == 1 and len(at) > 1 and at[0] == 0 and at[-1] <= 1 and (np.diff(at) > 0).all()):
        raise ConfigurationError(complaint("sparsities", expected="two or more, ascending from 0 to 1", got=sparsities))
    values = np.array([accuracy(float(sparsity)) for sparsity in at])
    if not np.isfinite(values).all():
        worst = float(at[~np.isfinite(values)][0])
        raise ConfigurationError(f"accuracy: expected a finite number, got another at sparsity {worst:g}")
    area = float(((values[1:] + values[:-1]) / 2 * np.diff(at)).sum() / at[-1])
    lost = values < values[0] - drop
    if not lost.any():
        reason = f"no sparsity up to {at[-1]:g} loses more than {drop:g}"
        return PruningCurve(at, values, area, float(at[-1]), drop, reason)
    after = int(lost.argmax())
    share = (values[after - 1] - (values[0] - drop)) / (values[after - 1] - values[after])
    return PruningCurve(at, values, area, float(at[after - 1] + share * (at[after] - at[after - 1])), drop)


@validated()
def magnitude_pruned(module: nn.Module, sparsity: float) -> nn.Module:
    """Return a copy of a network in which the smallest weights of its dense and convolution layers are 0.

    This is global magnitude pruning (Han et al. 2015): weights of all layers are compared with each other; biases and
    normalisation layers stay. The number of weights set to 0 is `sparsity` times their number, rounded; where more
    weights were 0 before, more are 0 afterwards.

    Raises
    ------
    ConfigurationError
        The sparsity is not 0 … 1.
    """
    import torch

    from hubbub.analysis.emergence.layer_paths import LINKS

    if not 0 <= sparsity <= 1:
        raise ConfigurationError(complaint("sparsity", expected="a share, 0 … 1", got=sparsity))
    pruned = copy.deepcopy(module)
    weights = [layer.weight for layer in pruned.modules() if isinstance(layer, LINKS)]
    magnitudes = torch.cat([weight.detach().abs().flatten() for weight in weights])
    smallest = magnitudes.argsort(stable=True)[: math.floor(part(sparsity, len(magnitudes)) + Fraction(1, 2))]
    kept = torch.ones_like(magnitudes)
    kept[smallest] = 0
    with torch.no_grad():
        for weight, mask in zip(weights, kept.split([weight.numel() for weight in weights]), strict=True):
            weight.mul_(mask.view_as(weight))
    return pruned
