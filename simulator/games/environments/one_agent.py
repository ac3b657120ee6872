"""One agent in a frozen population as a Gymnasium environment."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from hubbub.simulator.channel import Channel
from hubbub.simulator.games.environments.course import Course
from hubbub.simulator.games.environments.defaults import Graph, channel_or_default, topology_or_default
from hubbub.simulator.games.environments.encounters import Encounters, Partners
from hubbub.simulator.games.environments.exchange import Exchange
from hubbub.simulator.games.environments.flat import FlatInterface
from hubbub.simulator.games.environments.interface import Interface, Phase, Role
from hubbub.simulator.games.rules import Game


class OneAgentEnv(gymnasium.Env[Any, Any]):
    """One agent learns among frozen partners; a step is one exchange with a neighbour.

    Each round draws one of the edges at the agent: on an out-edge the agent is the speaker and sees an object,
    on an in-edge it is the listener and sees the message that has arrived. The step takes its message or
    its answer, and the partner's part is played by `partners`. After `rounds` rounds the episode is truncated.
    Spaces, rewards and infos are those of `ExchangeEnv`, of which the other options are explained there.

    Parameters
    ----------
    partners
        The frozen population, all agents of the topology: where it has a topology of its own, of as many agents.
    agent
        Number of the agent that learns.
    rounds
        Rounds, which are steps here, per episode.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012 (Gymnasium wants a plain class attribute)

    def __init__(
        self,
        game: Game,
        *,
        partners: Partners,
        agent: int = 0,
        topology: Graph | None = None,
        channel: Channel | None = None,
        rounds: int = 32,
        flat: bool = False,
        seed: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.render_mode = render_mode
        self.topology = topology_or_default(topology)
        self.agent = agent
        self.flat = flat
        channel = channel_or_default(channel)
        course = Course(rounds=rounds, seed=seed)
        self._rounds = Encounters(self.topology, agent, partners, Exchange(game, channel), course, 1)
        self._dictionaries, self._arrays = Interface(game, channel), FlatInterface(game, channel)
        interface = self._arrays if flat else self._dictionaries
        self.observation_space = interface.observation_space()
        self.action_space = interface.action_space()
        self._transcript = ""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start episode 0 of `seed` or, without one, the next episode; there are no `options`."""
        super().reset(seed=seed)
        self._rounds.begin_episode(seed)
        self._transcript = ""
        return self._observe(), self._masks()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Take the agent's message or its answer and let the partner do the rest.

        Raises
        ------
        ConfigurationError
            When the part of the action that the role asks for is missing or not in the action space.
        """
        partner = self._rounds.partner.item()
        speaks = self._rounds.roles.item() == Role.SPEAKER
        given = self._read("message" if speaks else "answer", action)[None]
        none = given[:0]
        outcomes, over = self._rounds.play(*((given, none) if speaks else (none, given)))
        [outcome] = outcomes.each()
        self._transcript = outcome.line(*((self.agent, partner) if speaks else (partner, self.agent)))
        return self._observe(), outcome.reward, False, over, {**outcome.info(partner), **self._masks()}

    def render(self) -> str:
        """Return the last exchange as a line of text."""
        return self._transcript

    def _read(self, part: str, action: Any) -> np.ndarray:
        name = f"agent_{self.agent}"
        if not self.flat:
            return self._dictionaries.read(part, action, agent=name)
        return self._arrays.read(part, np.asarray(action)[None], agent=name)[0]

    def _masks(self) -> dict[str, Any]:
        rounds = self._rounds
        return {"action_mask": self._arrays.masks(rounds.roles, rounds.phases)[0]} if self.flat else {}

    def _observe(self) -> Any:
        rounds = self._rounds
        if self.flat:
            alone = np.zeros(1, np.int64)
            return self._arrays.observe(
                rounds.roles, rounds.phases, games=alone, deal=rounds.deal, received=rounds.received
            )[0]
        if rounds.roles.item() == Role.SPEAKER:
            return self._dictionaries.speaker(Phase.SPEAK, rounds.deal[0])
        return self._dictionaries.listener(rounds.received[0], rounds.deal[0])
