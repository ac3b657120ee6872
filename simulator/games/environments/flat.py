"""What an agent sees and does as one array each, for trainers that take no dictionaries."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium import spaces
from jaxtyping import Float, Int, Int8
from numpy.typing import NDArray

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.games.environments.interface import Phase, Role
from hubbub.simulator.games.rules import Deal, Game


class FlatInterface:
    """The observations and actions of `Interface` in one array each, for any number of agents at once.

    An observation `[D]` (float32) is one after the other: the role (3 places, one of them 1), the phase (2), the object
    (F), the received message (L · V, one place for every position and symbol) and, in games with candidates, the
    candidates (K · F). What does not apply is 0, as in `Interface`. An action `[L + A]` (int64) is a message and then
    an answer. What role and phase do not ask for is ignored; an action mask allows the value 0 there and no other.
    """

    def __init__(self, game: Game, channel: Channel) -> None:
        self._features = game.referents.features.astype(np.float32)
        self._vocabulary, self._length = channel.vocabulary, channel.max_length
        self.sizes = np.array([channel.vocabulary] * channel.max_length + list(game.answer_sizes))
        """Number of possible values of every part of an action, `[L + A]`."""
        self.width = len(Role) + len(Phase) + self._features.shape[1] * (1 + game.n_candidates)
        self.width += self._length * self._vocabulary
        first = np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        zero = np.arange(len(first)) == first
        of_message = np.repeat(np.arange(len(self.sizes)) < self._length, self.sizes)
        masks = np.repeat(zero[None, None], len(Role), axis=0).repeat(len(Phase), axis=1)
        masks[Role.SPEAKER, Phase.SPEAK] |= of_message
        masks[Role.LISTENER, Phase.LISTEN] |= ~of_message
        self._masks = masks.astype(np.int8)

    def observation_space(self) -> spaces.Box:
        """Return a new observation space, of shape `[D]`."""
        low, high = min(0.0, float(self._features.min())), max(1.0, float(self._features.max()))
        return spaces.Box(low, high, (self.width,), np.float32)

    def action_space(self) -> spaces.MultiDiscrete:
        """Return a new action space, of shape `[L + A]`."""
        return spaces.MultiDiscrete(self.sizes)

    def observe(
        self,
        roles: Int[np.ndarray, " N"],
        phases: Int[np.ndarray, " N"],
        *,
        games: Int[np.ndarray, " N"],
        deal: Deal,
        received: Int[np.ndarray, "M L"],
    ) -> Float[np.ndarray, "N D"]:
        """Return what N agents see of the M games of `deal`, of which agent n plays `games[n]` if it is not idle.

        `received` are the messages of these games as they arrived; listeners see them in the phase `LISTEN` only.
        """
        seen = np.zeros((len(roles), self.width), np.float32)
        seen[np.arange(len(roles)), roles] = 1
        seen[np.arange(len(roles)), len(Role) + phases] = 1
        first, after = len(Role) + len(Phase), len(Role) + len(Phase) + self._features.shape[1]
        (speaking,) = np.nonzero(roles == Role.SPEAKER)
        seen[speaking, first:after] = self._features[deal.objects.numpy()[games[speaking]]]
        (hearing,) = np.nonzero((roles == Role.LISTENER) & (phases == Phase.LISTEN))
        if len(hearing):
            places = after + np.arange(self._length) * self._vocabulary + received[games[hearing]]
            seen[hearing[:, None], places] = 1
            if deal.candidates is not None:
                shown = self._features[deal.candidates.numpy()[games[hearing]]]
                seen[hearing, after + self._length * self._vocabulary :] = shown.reshape(len(hearing), -1)
        return seen

    def masks(self, roles: Int[np.ndarray, " N"], phases: Int[np.ndarray, " N"]) -> Int8[np.ndarray, "N S"]:
        """Return 1 for every allowed value and 0 for others, part after part: S is the sum of `sizes`."""
        allowed: NDArray[np.int8] = self._masks[roles, phases]
        return allowed

    def read(self, part: str, actions: Any, *, agent: str) -> Int[np.ndarray, "N W"]:
        """Return the "message" `[N, L]` or the "answer" `[N, A]` of actions `[N, L + A]`, checked.

        Raises
        ------
        ConfigurationError
            An action has another shape, holds no whole numbers, or is not in the action space.
        """
        values = np.asarray(actions)
        if values.ndim != 2 or values.shape[1] != len(self.sizes) or values.dtype.kind not in "iu":
            expected = f"{len(self.sizes)} whole numbers, a message and an answer"
            got = f"{values.dtype} {list(values.shape[1:])}"
            raise ConfigurationError(complaint(f"action of {agent}", expected=expected, got=got))
        wrong = (values < 0) | (values >= self.sizes)
        if wrong.any():
            row, place = np.argwhere(wrong)[0]
            expected = f"a whole number from 0 to {self.sizes[place] - 1} at place {place}"
            raise ConfigurationError(complaint(f"action of {agent}", expected=expected, got=int(values[row, place])))
        wanted = values[:, : self._length] if part == "message" else values[:, self._length :]
        return wanted.astype(np.int64)
