"""Discrimination: the listener picks the referent among K candidates."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch.nn import functional

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.rules import Deal, Game, game


@game("discrimination")
class Discrimination(Game):
    """The listener picks, among K candidates of different meaning, the one that means what the speaker saw.

    Symbolic referents: the target is the very referent that the speaker saw. Images: the target is another
    image of the same class wherever the class has one, so that pixels cannot be matched.
    """

    def __init__(self, *, referents: Referents, candidates: Annotated[int, Field(ge=2)] = 5) -> None:
        super().__init__(referents)
        self.n_candidates = candidates
        self._members = {split: _Members(referents, split) for split in referents.splits}
        for split, members in self._members.items():
            if candidates > len(members.sizes):
                raise ConfigurationError(
                    f"game.candidates: expected at most {len(members.sizes)}, the number of different meanings "
                    f"among the {split} referents, got {candidates}"
                )

    @property
    def answer_sizes(self) -> tuple[int, ...]:
        """One part: the place among the candidates."""
        return (self.n_candidates,)

    def deal(self, objects: NDArray[np.int64], *, split: str, generator: np.random.Generator) -> Deal:
        """Draw K − 1 distractors of different meanings and the place of the target, uniformly."""
        members = self._members[split]
        meanings = members.meaning[objects][..., None]
        for n_taken in range(1, self.n_candidates):
            drawn = generator.integers(len(members.sizes) - n_taken, size=objects.shape)
            for taken in np.moveaxis(np.sort(meanings, axis=-1), -1, 0):
                drawn = drawn + (drawn >= taken)  # step over what is taken, the lowest first
            meanings = np.concatenate([meanings, drawn[..., None]], axis=-1)
        candidates = members.draw(meanings, generator)
        candidates[..., 0] = members.another(objects, generator)
        answers = generator.integers(self.n_candidates, size=objects.shape)
        at = (np.arange(self.n_candidates) - answers[..., None]) % self.n_candidates
        candidates = np.take_along_axis(candidates, at, axis=-1)
        return Deal(torch.from_numpy(objects), torch.from_numpy(answers), torch.from_numpy(candidates))

    def log_likelihood(self, scores: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Return the log-likelihood of the target's place; `scores [..., K]`, `answers [...]`."""
        loss = functional.cross_entropy(scores.flatten(0, -2), answers.flatten(), reduction="none")
        return -loss.view(answers.shape)

    def answer(self, scores: torch.Tensor) -> torch.Tensor:
        """Return the likeliest place, `[...]`."""
        return scores.argmax(-1)

    def success(self, given: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Return whether the place is the target's."""
        return given == answers


class _Members:
    """The referents of one split, grouped by meaning."""

    def __init__(self, referents: Referents, split: str) -> None:
        pool = referents.of(split)
        present, compact = np.unique(referents.meanings[pool], return_inverse=True)
        order = np.argsort(compact, kind="stable")
        self.grouped = pool[order]
        self.sizes = np.bincount(compact, minlength=len(present))
        self.first = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        self.meaning = np.full(len(referents.meanings), -1)
        self.meaning[pool] = compact
        self.place = np.full(len(referents.meanings), -1)
        self.place[self.grouped] = np.arange(len(pool)) - self.first[compact[order]]

    def draw(self, meanings: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        """Return one member of each meaning, uniformly."""
        return self.grouped[self.first[meanings] + generator.integers(self.sizes[meanings])]

    def another(self, objects: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
        """Return another member of the meaning of each object, or the object itself where it is alone."""
        meaning = self.meaning[objects]
        size = self.sizes[meaning]
        shift = 1 + generator.integers(np.maximum(size - 1, 1))
        return self.grouped[self.first[meaning] + (self.place[objects] + shift) % size]
