"""The rule of one exchange: what is dealt, what counts as understood, what it earns.

The trainer and the environments both use these rules and no others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from hubbub.simulator.games.referents import Referents
from hubbub.simulator.registry import Registry


@dataclass(frozen=True)
class Deal:
    """What is dealt for a batch of games `[...]` (any shape).

    Attributes
    ----------
    objects
        The referent that the speaker sees, `[...]` int64.
    answers
        What the listener should answer: attribute values `[..., A]`, or the place of the target among the
        candidates `[...]`, int64.
    candidates
        The referents among which the listener chooses, `[..., K]` int64, or None where it names the attributes.
    """

    objects: torch.Tensor
    answers: torch.Tensor
    candidates: torch.Tensor | None = None

    def __getitem__(self, index: Any) -> Deal:
        candidates = None if self.candidates is None else self.candidates[index]
        return Deal(self.objects[index], self.answers[index], candidates)

    def to(self, device: torch.device) -> Deal:
        """Return the same deal on `device`."""
        candidates = None if self.candidates is None else self.candidates.to(device)
        return Deal(self.objects.to(device), self.answers.to(device), candidates)

    def shifted(self, by: int) -> Deal:
        """Return the same deal where the numbers of all referents are higher `by` so many."""
        return Deal(self.objects + by, self.answers, None if self.candidates is None else self.candidates + by)

    @staticmethod
    def join(deals: list[Deal]) -> Deal:
        """Return the deals one after the other along the first axis."""
        if len(deals) == 1:
            return deals[0]
        candidates = [deal.candidates for deal in deals if deal.candidates is not None]
        return Deal(
            torch.cat([deal.objects for deal in deals]),
            torch.cat([deal.answers for deal in deals]),
            torch.cat(candidates) if candidates else None,
        )


class Game(ABC):
    """A referential game over `referents`."""

    n_candidates: int = 0
    """K: among how many candidates the listener chooses; 0 where it names the attributes."""

    def __init__(self, referents: Referents) -> None:
        self.referents = referents

    @property
    @abstractmethod
    def answer_sizes(self) -> tuple[int, ...]:
        """Number of possible values of each part of an answer."""

    @abstractmethod
    def deal(self, objects: NDArray[np.int64], *, split: str, generator: np.random.Generator) -> Deal:
        """Return the deal in which speakers see `objects [...]`, all of `split`."""

    @abstractmethod
    def log_likelihood(self, scores: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Return the log-likelihood `[...]` (nats) of the right answers under the listener's scores."""

    @abstractmethod
    def answer(self, scores: torch.Tensor) -> torch.Tensor:
        """Return the most likely answers under the listener's scores."""

    @abstractmethod
    def success(self, given: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Return whether the answers given are right, `[...]` booleans."""

    def draw(self, shape: tuple[int, ...], *, split: str, generator: np.random.Generator) -> Deal:
        """Return a deal of `shape` games with referents drawn uniformly from `split`."""
        pool = self.referents.of(split)
        return self.deal(pool[generator.integers(len(pool), size=shape)], split=split, generator=generator)


game = Registry("game", package="hubbub.simulator.games", supplied=("referents",), contract=Game)
"""Decorator and catalogue of `Game` classes; the parameter `referents` receives those of the run."""


def reward(success: torch.Tensor, lengths: torch.Tensor, *, length_cost: float) -> torch.Tensor:
    """Return what speaker and listener earn in a game: 1 for success, less the cost of each symbol sent.

    Environments pay it and the trainer reports it. What the trainer follows is smoother: the listener's log-likelihood
    of the right answer in place of success.
    """
    return success.to(torch.float32) - length_cost * lengths
