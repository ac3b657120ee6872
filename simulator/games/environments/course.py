"""The number of the episode and of the round, and the random numbers of that round."""

from __future__ import annotations

import secrets

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.randomness import RandomStreams


class Course:
    """Episodes of a fixed number of rounds; every random number is keyed by (seed, stream, episode, round).

    Without a seed a random one is taken when the first episode starts, so that environments made side by side differ,
    and so do copies of one that has not started yet.
    """

    def __init__(self, *, rounds: int, seed: int | None) -> None:
        self._rounds = _whole("rounds", rounds, least=1)
        self._rng = None if seed is None else RandomStreams(_whole("seed", seed, least=0))
        self._episode = -1
        self._round = 0

    def begin(self, seed: int | None) -> None:
        """Start the next episode, or episode 0 of a new seed."""
        if seed is not None:
            self._rng, self._episode = RandomStreams(_whole("seed", seed, least=0)), -1
        elif self._rng is None:
            self._rng = RandomStreams(secrets.randbits(64))
        self._episode += 1
        self._round = 0

    def next_round(self) -> bool:
        """Go on to the next round and return whether the episode is over."""
        self._round += 1
        return self._round >= self._rounds

    def at(self, stream: str) -> np.random.Generator:
        """Return the generator of this round for `stream`; an episode must have started."""
        assert self._rng is not None
        return self._rng.at(f"environment/{stream}", self._episode, self._round)


def rounds_of(rounds: int | None, max_cycles: int | None, *, default: int = 16) -> int:
    """Return the rounds of an episode, which is given in rounds or in steps (`max_cycles`), two for each round."""
    if max_cycles is None:
        return default if rounds is None else rounds
    if rounds is not None:
        raise ConfigurationError(f"max_cycles: expected rounds or max_cycles, got both ({rounds} and {max_cycles})")
    if _whole("max_cycles", max_cycles, least=2) % 2:
        expected = "an even number, since a round is two steps"
        raise ConfigurationError(complaint("max_cycles", expected=expected, got=max_cycles))
    return max_cycles // 2


def _whole(option: str, value: int, *, least: int) -> int:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ConfigurationError(complaint(option, expected=f"a whole number of at least {least}", got=value))
    return int(value)
