"""Heads of a policy: from two outputs for each dimension of an action to a distribution over actions.

The outputs are one drive for each extreme, `[…, A, 2]`: for −1 and for +1. All heads read both, so networks of every
head have one shape. Log-probabilities and entropies (nats) are closed forms, summed over the dimensions.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional

LOG_ROOT_TAU = math.log(2 * math.pi) / 2


class Head(ABC):
    """A distribution over actions; `log_std [..., A]` is read by the Gaussian only."""

    @abstractmethod
    def drawn(self, outputs: Tensor, log_std: Tensor, noise: Tensor) -> Tensor:
        """Return the action `[…, A]` that standard normal noise `[…, A]` stands for."""

    @abstractmethod
    def likeliest(self, outputs: Tensor) -> Tensor:
        """Return the likeliest action `[…, A]`."""

    @abstractmethod
    def log_probability(self, outputs: Tensor, log_std: Tensor, actions: Tensor) -> Tensor:
        """Return the log-probability (or log-density) `[…]` of actions `[…, A]`.

        Heads of few values take actions between these too: the mean over drawing, without bias, one of both neighbours.
        """

    @abstractmethod
    def entropy(self, outputs: Tensor, log_std: Tensor) -> Tensor:
        """Return the entropy `[…]` in nats (of the density before clipping, for the Gaussian)."""


class Gaussian(Head):
    """A normal distribution around the difference of both drives; environments clip what lies beyond [−1, 1].

    As PPO is commonly done (Schulman et al. 2017): not squashed, its deviation a parameter that no state changes, and
    densities those of the action before clipping.
    """

    def drawn(self, outputs: Tensor, log_std: Tensor, noise: Tensor) -> Tensor:
        """Return mean + deviation · noise."""
        return _drive(outputs) + log_std.exp() * noise

    def likeliest(self, outputs: Tensor) -> Tensor:
        """Return the mean."""
        return _drive(outputs)

    def log_probability(self, outputs: Tensor, log_std: Tensor, actions: Tensor) -> Tensor:
        """Return the normal log-density."""
        deviations = (actions - _drive(outputs)) / log_std.exp()
        return (-deviations.square() / 2 - log_std - LOG_ROOT_TAU).sum(-1)

    def entropy(self, outputs: Tensor, log_std: Tensor) -> Tensor:
        """Return ½ + ½ ln 2π + ln σ."""
        return (log_std + LOG_ROOT_TAU + 0.5).expand(outputs.shape[:-1]).sum(-1)


class Bernoulli(Head):
    """One of both extremes, +1 with probability σ(difference of drives) (Seyde et al. 2021)."""

    def drawn(self, outputs: Tensor, log_std: Tensor, noise: Tensor) -> Tensor:
        """Return +1 where the quantile of the noise lies below its probability, else −1."""
        return torch.where(torch.special.ndtr(noise) < _drive(outputs).sigmoid(), 1.0, -1.0)

    def likeliest(self, outputs: Tensor) -> Tensor:
        """Return the extreme of the larger drive."""
        return torch.where(_drive(outputs) > 0, 1.0, -1.0)

    def log_probability(self, outputs: Tensor, log_std: Tensor, actions: Tensor) -> Tensor:
        """Return ln σ(±drive)."""
        drive = _drive(outputs)
        up, down = functional.logsigmoid(drive), functional.logsigmoid(-drive)
        return ((1 + actions) / 2 * up + (1 - actions) / 2 * down).sum(-1)

    def entropy(self, outputs: Tensor, log_std: Tensor) -> Tensor:
        """Return −Σ p ln p."""
        drive = _drive(outputs)
        return -(
            drive.sigmoid() * functional.logsigmoid(drive) + (-drive).sigmoid() * functional.logsigmoid(-drive)
        ).sum(-1)


class BangOffBang(Head):
    """−1, 0 or +1, with probabilities softmax(drive for −1, 0, drive for +1)."""

    def drawn(self, outputs: Tensor, log_std: Tensor, noise: Tensor) -> Tensor:
        """Return the value whose share of the quantiles, from −1 up, the noise falls into."""
        quantile, shares = torch.special.ndtr(noise), _three(outputs).exp()
        above_low = quantile >= shares[..., 0]
        above_off = quantile >= shares[..., 0] + shares[..., 1]
        return -1.0 + above_low.to(quantile) + above_off.to(quantile)

    def likeliest(self, outputs: Tensor) -> Tensor:
        """Return the value of the largest of the three."""
        return _three(outputs).argmax(-1).to(outputs) - 1

    def log_probability(self, outputs: Tensor, log_std: Tensor, actions: Tensor) -> Tensor:
        """Return ln softmax."""
        low, off, high = _three(outputs).unbind(-1)
        return ((-actions).relu() * low + (1 - actions.abs()) * off + actions.relu() * high).sum(-1)

    def entropy(self, outputs: Tensor, log_std: Tensor) -> Tensor:
        """Return −Σ p ln p."""
        three = _three(outputs)
        return -(three.exp() * three).sum((-1, -2))


HEADS: dict[str, Head] = {"gaussian": Gaussian(), "bernoulli": Bernoulli(), "bang-off-bang": BangOffBang()}


class Heads:
    """The heads of S networks side by side, each of its own kind."""

    def __init__(self, kinds: Sequence[str]) -> None:
        rows = {kind: [row for row, own in enumerate(kinds) if own == kind] for kind in dict.fromkeys(kinds)}
        self._parts = [(HEADS[kind], torch.tensor(of)) for kind, of in rows.items()]
        self._back = torch.cat([of for _, of in self._parts]).argsort()

    def each(self, ask: Callable[[Head, Tensor], Tensor]) -> Tensor:
        """Return what `ask` gives for each kind of head and the numbers of its rows, in the order of the networks."""
        return torch.cat([ask(head, rows) for head, rows in self._parts])[self._back]


def _drive(outputs: Tensor) -> Tensor:
    return outputs[..., 1] - outputs[..., 0]


def _three(outputs: Tensor) -> Tensor:
    low, high = outputs.unbind(-1)
    return torch.stack([low, torch.zeros_like(low), high], -1).log_softmax(-1)
