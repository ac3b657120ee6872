"""Mutual information between two layers by MINE: a network that distinguishes pairs from shuffled pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.validation import AT_LEAST_1, POSITIVE, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from torch import Tensor

NARROWEST, POWER, LAST_RATE = 3, 3, 1e-4
SHUFFLES = 16
"""Number of shuffled pairs for every held-out pair in the bound on held-out pairs."""


@dataclass(frozen=True)
class NeuralInformation:
    """Estimates of MINE for S pairs of layers, in bits.

    Attributes
    ----------
    maximum
        Largest value over the steps of the fit, on the fitted samples, as in Chen et al. (2024), `[S]`.
    last
        Mean value over the last tenth of the steps, on the same samples, `[S]`.
    held_out
        Value after the fit, on samples that were not fitted, `[S]`.
    """

    maximum: Float[np.ndarray, " S"]
    last: Float[np.ndarray, " S"]
    held_out: Float[np.ndarray, " S"]


@validated(stated_shapes=True, steps=AT_LEAST_1, learning_rate=POSITIVE)
def neural_information(
    inputs: Real[np.ndarray, "S M D"],
    outputs: Real[np.ndarray, "S M H"],
    *,
    steps: int,
    generator: np.random.Generator,
    learning_rate: float = 1e-3,
) -> NeuralInformation:
    """Return the mutual information between two layers by MINE, in bits, for S pairs of layers at once.

    MINE (Belghazi et al. 2018) fits a network T that maximises log2 e (mean T over pairs − log mean exp T over shuffled
    pairs). As in the code of Chen et al. (2024): leaky ReLU layers of D, D/2, D/4 … 3 units, Xavier initial weights,
    Adam with five steps of warm-up and a cubic decay of the learning rate, all pairs in one batch, shuffled again at
    each step. Layers are first scaled to unit variance, and a random half of the samples is held out.

    Parameters
    ----------
    inputs, outputs
        Activations of the two layers for S networks and M samples, `[S, M, D]` and `[S, M, H]`.
    steps
        Steps of the fit.
    generator
        Draws the held-out half, the initial weights and the shuffles.
    learning_rate
        Largest learning rate.
    """
    import torch

    n = inputs.shape[1]
    if n < 4 or 0 in (*inputs.shape, *outputs.shape):
        expected = "4 samples or more of at least one unit, for one pair or more"
        raise ConfigurationError(complaint("inputs", expected=expected, got=inputs.shape))
    order = generator.permutation(n)
    pairs = torch.from_numpy(np.concatenate([_scaled(inputs), _scaled(outputs)], axis=2).astype(np.float32))
    fitted, kept = pairs[:, order[: n // 2]], pairs[:, order[n // 2 :]]
    width = inputs.shape[2]
    critic = _Critic(len(pairs), pairs.shape[2], width, generator)
    optimiser = torch.optim.Adam(critic.parameters, lr=learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    bits_of_steps = []
    for _ in range(steps):
        bits = critic.bound(fitted, _shuffled(fitted, width, generator))
        optimiser.zero_grad()
        (-bits.sum()).backward()
        optimiser.step()
        schedule.step()
        bits_of_steps.append(bits.detach().numpy())
    over_steps = np.stack(bits_of_steps)
    with torch.no_grad():
        shuffled = torch.cat([_shuffled(kept, width, generator) for _ in range(SHUFFLES)], dim=1)
        held_out = critic.bound(kept, shuffled).numpy()
    return NeuralInformation(over_steps.max(axis=0), over_steps[-max(1, steps // 10) :].mean(axis=0), held_out)


class _Critic:
    """A stack of S networks of leaky ReLU layers."""

    def __init__(self, n: int, inputs: int, width: int, generator: np.random.Generator) -> None:
        import torch

        sizes = [inputs, width]
        while sizes[-1] // 2 >= NARROWEST:
            sizes.append(sizes[-1] // 2)
        sizes.append(1)
        self.weights, self.biases = [], []
        for here, there in pairwise(sizes):
            drawn = generator.standard_normal((n, here, there), dtype=np.float32) * math.sqrt(2 / (here + there))
            self.weights.append(torch.from_numpy(drawn).requires_grad_())
            self.biases.append(torch.zeros(n, 1, there, requires_grad=True))
        self.parameters = [*self.weights, *self.biases]

    def bound(self, pairs: Tensor, shuffled: Tensor) -> Tensor:
        """Return the lower bound in bits, `[S]`, from pairs `[S, M, D + H]` and shuffled pairs `[S, any, D + H]`."""
        joint, product = self._values(pairs), self._values(shuffled)
        difference = joint.mean(dim=1) - (product.logsumexp(dim=1) - math.log(product.shape[1]))
        return difference / math.log(2)

    def _values(self, pairs: Tensor) -> Tensor:
        from torch.nn import functional

        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            pairs = functional.leaky_relu(bias.baddbmm(pairs, weight))
        return self.biases[-1].baddbmm(pairs, self.weights[-1]).squeeze(2)


def _scaled(features: np.ndarray) -> np.ndarray:
    """Return features `[S, M, D]` minus their means, divided by the root mean square of their layer."""
    centred = features - features.mean(axis=1, keepdims=True)
    size = np.sqrt(np.square(centred).mean(axis=(1, 2), keepdims=True))
    scaled: np.ndarray = centred / np.where(size > 0, size, 1.0)
    return scaled


def _shuffled(pairs: Tensor, width: int, generator: np.random.Generator) -> Tensor:
    """Return pairs whose outputs come from other pairs."""
    import torch

    order = torch.from_numpy(generator.permutation(pairs.shape[1]))
    return torch.cat([pairs[:, :, :width], pairs[:, order, width:]], dim=2)


def _rate(step: int, steps: int) -> float:
    """Return the factor of the learning rate at a step: five steps of warm-up, then cubic decay."""
    if step < 5:
        return step / 5
    return LAST_RATE + (1 - LAST_RATE) * (1 - (step - 5) / max(1, steps - 5)) ** POWER
