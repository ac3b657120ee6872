"""Reconstruction: the listener names every attribute of the referent."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.rules import Deal, Game, game


@game("reconstruction")
class Reconstruction(Game):
    """The listener names every attribute; understood means all of them right."""

    def __init__(self, *, referents: Referents) -> None:
        super().__init__(referents)

    @property
    def answer_sizes(self) -> tuple[int, ...]:
        """One part per attribute."""
        return (self.referents.n_values,) * self.referents.n_attributes

    def deal(self, objects: NDArray[np.int64], *, split: str, generator: np.random.Generator) -> Deal:
        """Return the deal whose answers are the attributes of `objects`; draws nothing."""
        return Deal(torch.from_numpy(objects), torch.from_numpy(self.referents.attributes[objects]))

    def log_likelihood(self, scores: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Return the summed log-likelihood of the attributes; `scores [..., A · values]`, `answers [..., A]`."""
        per_attribute = scores.unflatten(-1, (-1, self.referents.n_values))
        loss = functional.cross_entropy(per_attribute.flatten(0, -2), answers.flatten(), reduction="none")
        return -loss.view(answers.shape).sum(-1)

    def answer(self, scores: torch.Tensor) -> torch.Tensor:
        """Return the likeliest value of each attribute, `[..., A]`."""
        return scores.unflatten(-1, (-1, self.referents.n_values)).argmax(-1)

    def success(self, given: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Return whether all attributes are right."""
        return (given == answers).all(-1)
