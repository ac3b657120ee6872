"""One agent in many games at once as a Gymnasium `VectorEnv`: one array in, one array out."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.games.environments.course import Course
from hubbub.simulator.games.environments.defaults import Graph, channel_or_default, topology_or_default
from hubbub.simulator.games.environments.encounters import Encounters, Partners
from hubbub.simulator.games.environments.exchange import Exchange
from hubbub.simulator.games.environments.flat import FlatInterface
from hubbub.simulator.games.environments.interface import Role
from hubbub.simulator.games.environments.vector import final_observations
from hubbub.simulator.games.rules import Game


class OneAgentVectorEnv(gymnasium.vector.VectorEnv[NDArray[np.float32], NDArray[np.int64], NDArray[Any]]):
    """`OneAgentEnv` with `flat=True` in `num_envs` games at once: the same agent and partners, draws of their own.

    All games are truncated together after `rounds` rounds; the step that ends an episode returns the first observation
    of the next one (`AutoresetMode.SAME_STEP`) and the last one of the old as `infos["final_obs"]`. Infos are arrays:
    `action_mask [E, S]`, `success`, `length`, `partner` and `referent`, `[E]` each.

    Parameters
    ----------
    num_envs
        Number of games at once, E.

    For the other parameters see `OneAgentEnv`.
    """

    def __init__(
        self,
        game: Game,
        *,
        num_envs: int,
        partners: Partners,
        agent: int = 0,
        topology: Graph | None = None,
        channel: Channel | None = None,
        rounds: int = 32,
        seed: int | None = None,
    ) -> None:
        if not isinstance(num_envs, int | np.integer) or isinstance(num_envs, bool) or num_envs < 1:
            raise ConfigurationError(complaint("num_envs", expected="a whole number of at least 1", got=num_envs))
        self.num_envs = int(num_envs)
        channel = channel_or_default(channel)
        course = Course(rounds=rounds, seed=seed)
        self.topology = topology_or_default(topology)
        self._rounds = Encounters(self.topology, agent, partners, Exchange(game, channel), course, self.num_envs)
        self._interface = FlatInterface(game, channel)
        self.agent = agent
        self.metadata = {"autoreset_mode": AutoresetMode.SAME_STEP, "render_modes": []}
        self.single_observation_space = self._interface.observation_space()
        self.single_action_space = self._interface.action_space()
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start episode 0 of `seed`, one number for all games, or the next episode; there are no `options`."""
        if isinstance(seed, list):
            raise ConfigurationError(complaint("seed", expected="one whole number for all games", got=seed))
        self._rounds.begin_episode(seed)
        return self._seen(), self._masks()

    def step(
        self, actions: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Take the actions `[E, L + A]`, of which the agent's role in each game says what counts.

        Raises
        ------
        ConfigurationError
            An action is missing, or the part of it that counts is not in the action space.
        """
        rounds, given = self._rounds, np.asarray(actions)
        if given.shape != (self.num_envs, len(self._interface.sizes)):
            expected = f"an array [{self.num_envs}, {len(self._interface.sizes)}] of whole numbers"
            raise ConfigurationError(complaint("actions", expected=expected, got=f"{list(given.shape)}"))
        speaks, partner, name = rounds.roles == Role.SPEAKER, rounds.partner, f"agent_{self.agent}"
        outcomes, over = rounds.play(
            self._interface.read("message", given[speaks], agent=name),
            self._interface.read("answer", given[~speaks], agent=name),
        )
        everywhere = np.ones(self.num_envs, bool)
        told = {
            "success": outcomes.success,
            "length": outcomes.lengths,
            "partner": partner,
            "referent": outcomes.referents,
        }
        infos: dict[str, Any] = {**told, **{f"_{name}": everywhere for name in told}}
        if over:
            infos |= final_observations(self._seen())
            rounds.begin_episode(None)
        rewards = outcomes.rewards.astype(np.float64)
        return self._seen(), rewards, ~everywhere, everywhere & over, {**infos, **self._masks()}

    def _seen(self) -> NDArray[np.float32]:
        rounds, games = self._rounds, np.arange(self.num_envs)
        return self._interface.observe(
            rounds.roles, rounds.phases, games=games, deal=rounds.deal, received=rounds.received
        )

    def _masks(self) -> dict[str, Any]:
        masks = self._interface.masks(self._rounds.roles, self._rounds.phases)
        return {"action_mask": masks, "_action_mask": np.ones(self.num_envs, bool)}
