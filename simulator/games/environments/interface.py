"""What an agent sees and does: spaces, observations and actions, the same in every environment."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.games.rules import Deal, Game


class Role(IntEnum):
    """What an agent does in a round."""

    IDLE = 0
    SPEAKER = 1
    LISTENER = 2


class Phase(IntEnum):
    """Whose turn it is in a round."""

    SPEAK = 0
    LISTEN = 1


class Interface:
    """Spaces, observations and actions of one agent that plays `game` over `channel`.

    An observation holds `role` and `phase`, and besides, all zero where it does not apply: for a speaker
    `object [F]`; for a listener, when it is time to listen, `message [L]` as received and `candidates [K, F]` (only
    in games with candidates). An action holds `message [L]` and `answer [A]`; what the role and the phase do
    not ask for is ignored.
    """

    def __init__(self, game: Game, channel: Channel) -> None:
        self._features = game.referents.features
        self._n_candidates = game.n_candidates
        self._sizes = {"message": (channel.vocabulary,) * channel.max_length, "answer": game.answer_sizes}

    def observation_space(self) -> spaces.Dict:
        """Return a new observation space."""
        low, high = min(0.0, float(self._features.min())), float(self._features.max())
        n_features = self._features.shape[1]
        parts: dict[str, spaces.Space[Any]] = {
            "role": spaces.Discrete(len(Role)),
            "phase": spaces.Discrete(len(Phase)),
            "object": spaces.Box(low, high, (n_features,), np.float32),
            "message": spaces.MultiDiscrete(list(self._sizes["message"])),
        }
        if self._n_candidates:
            parts["candidates"] = spaces.Box(low, high, (self._n_candidates, n_features), np.float32)
        return spaces.Dict(parts)

    def action_space(self) -> spaces.Dict:
        """Return a new action space."""
        return spaces.Dict({part: spaces.MultiDiscrete(list(sizes)) for part, sizes in self._sizes.items()})

    def blank(self, role: Role, phase: Phase) -> dict[str, Any]:
        """Return the observation of an agent that has nothing to see, in arrays of its own."""
        n_features = self._features.shape[1]
        observation = {
            "role": np.int64(role),
            "phase": np.int64(phase),
            "object": np.zeros(n_features, np.float32),
            "message": np.zeros(len(self._sizes["message"]), np.int64),
        }
        if self._n_candidates:
            observation["candidates"] = np.zeros((self._n_candidates, n_features), np.float32)
        return observation

    def speaker(self, phase: Phase, deal: Deal) -> dict[str, Any]:
        """Return what the speaker of one game sees, in either phase."""
        observation = self.blank(Role.SPEAKER, phase)
        observation["object"][:] = self._features[int(deal.objects)]
        return observation

    def listener(self, message: NDArray[np.int64], deal: Deal) -> dict[str, Any]:
        """Return what the listener of one game sees when `message [L]` has arrived."""
        observation = self.blank(Role.LISTENER, Phase.LISTEN)
        observation["message"][:] = message
        if deal.candidates is not None:
            observation["candidates"][:] = self._features[deal.candidates.numpy()]
        return observation

    def read(self, part: str, action: Any, *, agent: str) -> NDArray[np.int64]:
        """Return the "message" `[L]` or the "answer" `[A]` of an action, checked."""
        sizes = self._sizes[part]
        given = action.get(part) if isinstance(action, Mapping) else None
        values = np.asarray(given)
        if values.shape != (len(sizes),) or values.dtype.kind not in "iu" or np.any((values < 0) | (values >= sizes)):
            limits = ", ".join(f"0 … {size - 1}" for size in sizes)
            got = action if given is None else given
            raise ConfigurationError(
                complaint(f"action of {agent}: {part}", expected=f"{len(sizes)} integers ({limits})", got=got)
            )
        return values.astype(np.int64)
