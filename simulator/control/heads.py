"""Heads of a policy: from two outputs for each dimension of an action to a distribution over actions.

The outputs are one score for each extreme of an action, −1 and +1: `[…, A, 2]`. All heads read both, so the networks of
all heads have the same shape. Log-probabilities and entropies (nats) are closed forms, summed over the dimensions A.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

HALF_LOG_TWO_PI = math.log(2 * math.pi) / 2


class Head(ABC):
    """A distribution over actions; only the Gaussian reads `log_std [..., A]`."""

    @abstractmethod
    def sample(
        self,
        outputs: Float[torch.Tensor, "*batch A 2"],
        log_std: Tensor,
        noise: Float[torch.Tensor, "*batch A"],
    ) -> Float[torch.Tensor, "*batch A"]:
        """Return the actions `[…, A]` that standard normal numbers `noise [..., A]` are turned into."""

    @abstractmethod
    def mode(self, outputs: Float[torch.Tensor, "*batch A 2"]) -> Float[torch.Tensor, "*batch A"]:
        """Return the most likely action `[…, A]`."""

    @abstractmethod
    def log_probability(
        self,
        outputs: Float[torch.Tensor, "*batch A 2"],
        log_std: Tensor,
        actions: Float[torch.Tensor, "... A"],
    ) -> Tensor:
        """Return the log-probability (or log-density) `[…]` of actions `[…, A]`.

        Heads with two or three values also take actions between their values. The result is the mean over drawing one
        of the two neighbouring values, such that the mean of the draw is the action.
        """

    @abstractmethod
    def entropy(self, outputs: Float[torch.Tensor, "*batch A 2"], log_std: Tensor) -> Float[torch.Tensor, "*batch"]:
        """Return the entropy `[…]` in nats (for the Gaussian: of the density before clipping)."""


class Gaussian(Head):
    """A normal distribution around the difference of the two outputs; environments clip actions to [−1, 1].

    As in common implementations of PPO (Schulman et al. 2017): no squashing function, a standard deviation that is a
    parameter and does not depend on the observation, and densities of the action before clipping.
    """

    def sample(self, outputs: Tensor, log_std: Tensor, noise: Tensor) -> Tensor:
        """Return mean + standard deviation · noise."""
        return _difference(outputs) + log_std.exp() * noise

    def mode(self, outputs: Tensor) -> Tensor:
        """Return the mean."""
        return _difference(outputs)

    def log_probability(self, outputs: Tensor, log_std: Tensor, actions: Tensor) -> Tensor:
        """Return the normal log-density."""
        deviations = (actions - _difference(outputs)) / log_std.exp()
        return (-deviations.square() / 2 - log_std - HALF_LOG_TWO_PI).sum(-1)

    def entropy(self, outputs: Tensor, log_std: Tensor) -> Tensor:
        """Return ½ + ½ ln 2π + ln σ."""
        return (log_std + HALF_LOG_TWO_PI + 0.5).expand(outputs.shape[:-1]).sum(-1)


class Bernoulli(Head):
    """One of the two extremes, +1 with probability σ(difference of the outputs) (Seyde et al. 2021)."""

    def sample(self, outputs: Tensor, log_std: Tensor, noise: Tensor) -> Tensor:
        """Return +1 where Φ(noise), which is uniform, lies below the probability of +1, else −1."""
        return torch.where(torch.special.ndtr(noise) < _difference(outputs).sigmoid(), 1.0, -1.0)

    def mode(self, outputs: Tensor) -> Tensor:
        """Return the extreme with the larger output."""
        return torch.where(_difference(outputs) > 0, 1.0, -1.0)

    def log_probability(self, outputs: Tensor, log_std: Tensor, actions: Tensor) -> Tensor:
        """Return ln σ(± difference)."""
        difference = _difference(outputs)
        plus, minus = functional.logsigmoid(difference), functional.logsigmoid(-difference)
        return ((1 + actions) / 2 * plus + (1 - actions) / 2 * minus).sum(-1)

    def entropy(self, outputs: Tensor, log_std: Tensor) -> Tensor:
        """Return −Σ p ln p."""
        difference = _difference(outputs)
        return -(
            difference.sigmoid() * functional.logsigmoid(difference)
            + (-difference).sigmoid() * functional.logsigmoid(-difference)
        ).sum(-1)


class BangOffBang(Head):
    """−1, 0 or +1, with probabilities softmax(output for −1, 0, output for +1)."""

    def sample(self, outputs: Tensor, log_std: Tensor, noise: Tensor) -> Tensor:
        """Return the value that Φ(noise), which is uniform, selects when the probabilities are added from −1 up."""
        uniform, probabilities = torch.special.ndtr(noise), _three_log_probabilities(outputs).exp()
        above_low = uniform >= probabilities[..., 0]
        above_off = uniform >= probabilities[..., 0] + probabilities[..., 1]
        return -1.0 + above_low.to(uniform) + above_off.to(uniform)

    def mode(self, outputs: Tensor) -> Tensor:
        """Return the most likely of the three values."""
        return _three_log_probabilities(outputs).argmax(-1).to(outputs) - 1

    def log_probability(self, outputs: Tensor, log_std: Tensor, actions: Tensor) -> Tensor:
        """Return ln softmax."""
        low, off, high = _three_log_probabilities(outputs).unbind(-1)
        return ((-actions).relu() * low + (1 - actions.abs()) * off + actions.relu() * high).sum(-1)

    def entropy(self, outputs: Tensor, log_std: Tensor) -> Tensor:
        """Return −Σ p ln p."""
        log_probabilities = _three_log_probabilities(outputs)
        return -(log_probabilities.exp() * log_probabilities).sum((-1, -2))


HEADS: dict[str, Head] = {"gaussian": Gaussian(), "bernoulli": Bernoulli(), "bang-off-bang": BangOffBang()}


class Heads:
    """The heads of S networks side by side, each of its own kind."""

    def __init__(self, kinds: Sequence[str]) -> None:
        rows = {kind: [row for row, own in enumerate(kinds) if own == kind] for kind in dict.fromkeys(kinds)}
        self._parts = [(HEADS[kind], torch.tensor(of)) for kind, of in rows.items()]
        self._back = torch.cat([of for _, of in self._parts]).argsort()

    def apply(self, function: Callable[[Head, Tensor], Tensor]) -> Tensor:
        """Return `function(head, row numbers)` for each kind of head, put back into the order of the networks."""
        return torch.cat([function(head, rows) for head, rows in self._parts])[self._back]


def _difference(outputs: Tensor) -> Tensor:
    return outputs[..., 1] - outputs[..., 0]


def _three_log_probabilities(outputs: Tensor) -> Tensor:
    low, high = outputs.unbind(-1)
    return torch.stack([low, torch.zeros_like(low), high], -1).log_softmax(-1)
