"""The rule of one exchange: what is dealt, what counts as understood, what it earns.

The trainer and the environments both use these rules and no others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.rewards import SUCCESS, Reward, reward
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
    reward: Reward = SUCCESS
    """What a game earns, without the cost of the symbols."""

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

    def paying(self, reward: Reward) -> Game:
        """Return the same game with another reward."""
        other = copy(self)
        other.reward = reward
        return other

    def earned(
        self, success: torch.Tensor, deal: Deal, messages: torch.Tensor, lengths: torch.Tensor, *, length_cost: float
    ) -> torch.Tensor:
        """Return what speaker and listener earn in games `[...]`: the reward, less the cost of each symbol sent.

        `success [...]` says whether they were understood; `messages [..., L]` are those that arrived, `lengths [...]`
        the numbers of symbols sent. Environments pay it and the trainer reports it; what the trainer follows is
        smoother, see `followed`.
        """
        games: dict[str, Any] = {
            "objects": deal.objects,
            "messages": messages,
            "lengths": lengths,
            "referents": self.referents,
        }
        return self.reward.of(success, **games) - length_cost * lengths

    def followed(
        self, log_likelihood: torch.Tensor, deal: Deal, messages: torch.Tensor, lengths: torch.Tensor
    ) -> torch.Tensor:
        """Return what agents follow to earn the reward, see `Reward.followed`; the rest as in `earned`."""
        games: dict[str, Any] = {
            "objects": deal.objects,
            "messages": messages,
            "lengths": lengths,
            "referents": self.referents,
        }
        return self.reward.followed(log_likelihood, **games)

    def draw(self, shape: tuple[int, ...], *, split: str, generator: np.random.Generator) -> Deal:
        """Return a deal of `shape` games with referents drawn uniformly from `split`."""
        pool = self.referents.of(split)
        return self.deal(pool[generator.integers(len(pool), size=shape)], split=split, generator=generator)


game = Registry(
    "game",
    package="hubbub.simulator.games",
    supplied=("referents",),
    contract=Game,
    beside={"reward": (reward, "success")},
)
"""Decorator and catalogue of `Game` classes; the parameter `referents` receives those of the run."""
