"""What a kind of agent must be able to do: many of them at once, rows of the same tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import torch

from hubbub.simulator.registry import Registry

Weights: TypeAlias = Mapping[str, torch.Tensor]
"""Weights by name, `[M, …]` each: row m belongs to the agent that plays row m."""


@dataclass(frozen=True)
class Speech:
    """What M speakers said about G objects each.

    Attributes
    ----------
    messages
        Symbols, padded with 0, `[M, G, L]` int64.
    lengths
        Number of symbols including the end symbol, `[M, G]` int64.
    relaxed
        The messages as one-hot vectors that carry the straight-through gradient, `[M, G, L, V]`, zeros where
        padded; None without the Gumbel relaxation.
    log_probability, entropy
        Log-probability (nats) of each message and entropy (nats) of its symbol distributions, both summed over the
        symbols sent, `[M, G]`; None in greedy speech or where nobody needs them.
    """

    messages: torch.Tensor
    lengths: torch.Tensor
    relaxed: torch.Tensor | None = None
    log_probability: torch.Tensor | None = None
    entropy: torch.Tensor | None = None


class Agent(Protocol):
    """A kind of agent, as pure functions of stacked weights."""

    layout: dict[str, tuple[int, ...]]
    self_talk: float

    def initialise(self, generator: np.random.Generator, n: int) -> dict[str, np.ndarray]:
        """Return the weights of `n` new agents."""

    def speak(self, weights: Weights, objects: torch.Tensor, *, noise: torch.Tensor | None) -> Speech:
        """Return what the rows say about `objects [M, G, F]`."""

    def listen(
        self, weights: Weights, messages: torch.Tensor, candidates: torch.Tensor | None, *, relaxed: torch.Tensor | None
    ) -> torch.Tensor:
        """Return the rows' scores of answers to `messages [M, G, L]`."""

    def understand(self, weights: Weights, messages: torch.Tensor) -> torch.Tensor:
        """Return the rows' understanding `[M, U, H]` of `messages [U, L]`, the same for all rows and best sorted."""

    def score(self, weights: Weights, understood: torch.Tensor, candidates: torch.Tensor | None) -> torch.Tensor:
        """Return the rows' scores of answers, as `listen` does, to what they `understood [M, G, H]`.

        Candidates may be `[M, 1, K, F]`, the same for all G.
        """


agent = Registry("agent", package="hubbub.simulator.agents", supplied=("game", "channel"), contract=Agent)
"""Decorator and catalogue of classes of agents; the parameters `game` and `channel` receive those of the run."""
