"""Speakers and listeners that look their words up in a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from hubbub.simulator.channel import Channel
from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.reconstruction import Reconstruction
from hubbub.simulator.games.referents.symbolic import symbolic
from hubbub.simulator.games.rules import Game


@dataclass(frozen=True)
class Table:
    """A dictionary of messages `[R, L]`, the same for all agents; wrong for some referents when it is read.

    It has the two methods of `Partners`, and besides `referent`, which recognises an object `[F]`.
    """

    game: Game
    words: np.ndarray
    meant: np.ndarray
    """What the listener takes the message about each referent to mean, `[R]`."""

    def referent(self, seen: np.ndarray) -> int:
        return int(np.flatnonzero((self.game.referents.features == seen).all(-1))[0])

    def understand(self, message: np.ndarray) -> int:
        known = np.flatnonzero((self.words == message).all(-1))
        return int(self.meant[known[0]]) if len(known) else 0

    def speak(self, agents: np.ndarray, objects: np.ndarray) -> np.ndarray:
        assert agents.shape == objects.shape
        return self.words[objects]

    def listen(self, agents: np.ndarray, messages: np.ndarray, candidates: np.ndarray | None) -> np.ndarray:
        assert agents.shape == messages.shape[:1]
        understood = [self.understand(message) for message in messages]
        if candidates is None:
            return self.game.referents.attributes[understood]
        return np.array([self.place(one, row) for one, row in zip(understood, candidates.tolist(), strict=True)])

    @staticmethod
    def place(referent: int, candidates: list[int]) -> int:
        return candidates.index(referent) if referent in candidates else 0


@pytest.fixture(params=["reconstruction", "discrimination"])
def game(request) -> Game:
    referents = symbolic(attributes=2, values=3, generator=np.random.default_rng(0))
    if request.param == "discrimination":
        return Discrimination(referents=referents, candidates=2)
    return Reconstruction(referents=referents)


@pytest.fixture
def channel() -> Channel:
    return Channel(vocabulary=6, max_length=4, length_cost=0.1)


@pytest.fixture
def table(game, channel) -> Table:
    """Messages of 1 to 4 symbols, the end symbol included; every third referent is misunderstood."""
    n = len(game.referents.features)
    words = np.random.default_rng(5).integers(channel.vocabulary, size=(n, channel.max_length))
    words[:, 0] = 1 + np.arange(n) % (channel.vocabulary - 1)
    words[np.arange(n), 1 + np.arange(n) % (channel.max_length - 1)] = 0
    meant = np.where(np.arange(n) % 3 == 0, (np.arange(n) + 1) % n, np.arange(n))
    padded = np.where(np.cumsum(words == 0, axis=1) - (words == 0) == 0, words, 0)
    assert len(np.unique(padded, axis=0)) == n
    return Table(game, padded, meant)
