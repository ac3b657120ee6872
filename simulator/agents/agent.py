"""What every kind of agent has: methods that compute many agents at once, as rows of the same tensors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray

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
        symbols sent, `[M, G]`; None in greedy speech or where they are not needed.
    """

    messages: Int[torch.Tensor, "M G L"]
    lengths: Int[torch.Tensor, "M G"]
    relaxed: Float[torch.Tensor, "M G L V"] | None = None
    log_probability: Float[torch.Tensor, "M G"] | None = None
    entropy: Float[torch.Tensor, "M G"] | None = None


class Agent(Protocol):
    """A kind of agent (an architecture), as pure functions of stacked weights.

    One object stands for all agents of the kind; it keeps no state between calls. Every method computes M rows at once:
    row m of all tensors belongs to one agent, no row depends on another one, and M may be 0. Shape letters: M rows,
    G games of a row, F features of a referent, L = `channel.max_length`, V = `channel.vocabulary`, K candidates, U
    different messages, S scores. With `game.n_candidates` K > 0 the listener chooses among K candidates, and S = K;
    otherwise it names attributes, and S = `sum(game.answer_sizes)`, one score for each value of each attribute.

    The constructor gets the options of the configuration by keyword, and `game` and `channel` if it asks for them.
    Agents learn by gradients of `log_likelihood(scores)` and of what `speak` returns, so both must be differentiable
    in the weights. `hubbub.check_agent` checks all that is said here.
    """

    layout: dict[str, tuple[int, ...]]
    """Name → shape of each weight of one agent, not counting the row axis; no shape is empty."""
    self_talk: float
    """Probability with which an agent hears its own message instead of being heard by its partner, 0 to 1."""

    def initialise(self, generator: np.random.Generator, n: int) -> dict[str, NDArray[np.float32]]:
        """Return the weights of `n` new agents: for each name in `layout` an array `[n, *shape]` float32.

        All random numbers come from `generator`, agent after agent, so that one more agent changes none before it.
        """

    def speak(self, weights: Weights, objects: torch.Tensor, *, noise: torch.Tensor | None) -> Speech:
        """Return what the rows say about `objects [M, G, F]` float32.

        Parameters
        ----------
        noise
            Draws from the standard Gumbel distribution, `[L, M, G, V]`: the symbol at position l is
            argmax(logits + noise[l]), which samples from the softmax of the logits. None is greedy speech.

        Returns
        -------
        Speech
            A message ends with the first symbol 0 if `channel.end_symbol`; what follows is 0. With noise, the estimator
            decides what else is needed. "gumbel": `relaxed`, whose value is one-hot and whose gradient is that of
            softmax((logits + noise) / `channel.temperature`), both zero after the end; also `log_probability` and
            `entropy` if `channel.entropy_bonus` is not 0. "reinforce": `log_probability` and `entropy`.
        """

    def listen(
        self, weights: Weights, messages: torch.Tensor, candidates: torch.Tensor | None, *, relaxed: torch.Tensor | None
    ) -> torch.Tensor:
        """Return scores `[M, G, S]` of answers to `messages [M, G, L]` int64; a softmax of them gives probabilities.

        `candidates [M, G, K, F]` are what the listener chooses among, None where it names attributes. `relaxed
        [M, G, L, V]`, where given, holds the same messages as one-hot vectors: compute from these, so that a gradient
        reaches the speaker. What follows the end symbol changes no score and gets no gradient.
        """

    def understand(self, weights: Weights, messages: torch.Tensor) -> torch.Tensor:
        """Return what all rows make of the same `messages [U, L]` int64: `[M, U, …]`, any further axes.

        It is what `listen` computes before it looks at candidates. Cross-play calls it once for all different messages,
        which are sorted, so that an agent may share the work for equal beginnings.
        """

    def score(self, weights: Weights, understood: torch.Tensor, candidates: torch.Tensor | None) -> torch.Tensor:
        """Return the scores `[M, G, S]` that `listen` gives, from what `understand` returned (`[M, G, …]`).

        `candidates` are `[M, G, K, F]`, or `[M, 1, K, F]` for the same ones in all G games, or None.
        """


agent = Registry("agent", package="hubbub.simulator.agents", supplied=("game", "channel"), contract=Agent)
"""Decorator and catalogue of classes of agents; the parameters `game` and `channel` receive those of the run."""
