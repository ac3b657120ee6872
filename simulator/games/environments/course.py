"""Which episode and which round it is, and the luck of that round."""

from __future__ import annotations

import secrets

import numpy as np

from simulator.errors import ConfigurationError, complaint
from simulator.randomness import Luck


class Course:
    """Episodes of a fixed number of rounds; every draw has the address (stream, episode, round).

    Without a seed the first one is fresh entropy, so that environments made side by side differ.
    """

    def __init__(self, *, rounds: int, seed: int | None) -> None:
        if rounds < 1:
            raise ConfigurationError(complaint("rounds", expected="at least 1", got=rounds))
        self._rounds = rounds
        self._luck = Luck(secrets.randbits(64) if seed is None else seed)
        self._episode = -1
        self._round = 0

    def begin(self, seed: int | None) -> None:
        """Start the next episode, or episode 0 of a new seed."""
        if seed is not None:
            self._luck, self._episode = Luck(seed), -1
        self._episode += 1
        self._round = 0

    def next_round(self) -> bool:
        """Go on to the next round and return whether the episode is over."""
        self._round += 1
        return self._round >= self._rounds

    def at(self, stream: str) -> np.random.Generator:
        """Return the generator of this round for `stream`."""
        return self._luck.at(f"environment/{stream}", self._episode, self._round)
