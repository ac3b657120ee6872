"""Many copies of a population at once as a Gymnasium `VectorEnv`: one array in, one array out."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.games.environments.course import Course, rounds_of
from hubbub.simulator.games.environments.defaults import Graph, channel_or_default, topology_or_default
from hubbub.simulator.games.environments.exchange import Exchange
from hubbub.simulator.games.environments.flat import FlatInterface
from hubbub.simulator.games.environments.interface import Phase
from hubbub.simulator.games.environments.rounds import Rounds
from hubbub.simulator.games.rules import Game
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.limits import MAX_AGENTS


class ExchangeVectorEnv(gymnasium.vector.VectorEnv[NDArray[np.float32], NDArray[np.int64], NDArray[Any]]):
    """All agents of `copies` populations, each agent one sub-environment: number c · N + n is agent n of copy c.

    The rules, rewards, observations and actions are those of `ExchangeEnv` with `flat=True`; one policy can play all
    agents. All copies go in step, with draws of their own, and are truncated together after `rounds` rounds; the step
    that ends an episode returns the first observation of the next one (`AutoresetMode.SAME_STEP`) and the last one of
    the old as `infos["final_obs"]`. Infos are arrays: `action_mask [E, S]` in every step and, after the listeners have
    answered, `success`, `length`, `partner` (the number of the agent in its copy) and `referent`, `[E]` each,
    with `_success` and so on for the agents that took part.

    Parameters
    ----------
    copies
        Number of populations side by side.

    For the other parameters see `ExchangeEnv`.
    """

    def __init__(
        self,
        game: Game,
        *,
        copies: int = 1,
        topology: Graph | None = None,
        channel: Channel | None = None,
        rounds: int | None = None,
        max_cycles: int | None = None,
        seed: int | None = None,
    ) -> None:
        if not isinstance(copies, int | np.integer) or isinstance(copies, bool) or copies < 1:
            raise ConfigurationError(complaint("copies", expected="a whole number of at least 1", got=copies))
        self.topology = topology_or_default(topology)
        if copies * self.topology.n_agents > MAX_AGENTS:
            expected = f"at most {MAX_AGENTS // self.topology.n_agents} copies of {self.topology.n_agents} agents"
            raise ConfigurationError(complaint("copies", expected=expected, got=copies))
        self.copies = int(copies)
        channel = channel_or_default(channel)
        course = Course(rounds=rounds_of(rounds, max_cycles), seed=seed)
        self._rounds = Rounds(side_by_side(self.topology, self.copies), Exchange(game, channel), course)
        self._interface = FlatInterface(game, channel)
        self.num_envs = self.copies * self.topology.n_agents
        self.metadata = {"autoreset_mode": AutoresetMode.SAME_STEP, "render_modes": []}
        self.single_observation_space = self._interface.observation_space()
        self.single_action_space = self._interface.action_space()
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start episode 0 of `seed`, one number for all copies, or the next episode; there are no `options`."""
        if isinstance(seed, list):
            raise ConfigurationError(complaint("seed", expected="one whole number for all copies", got=seed))
        self._rounds.begin_episode(seed)
        return self._seen(), self._masks()

    def step(
        self, actions: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Take the actions `[E, L + A]`, of which role and phase say what counts.

        Raises
        ------
        ConfigurationError
            The actions of agents whose turn it is are not in the action space.
        """
        rounds, shape = self._rounds, (self.num_envs, len(self._interface.sizes))
        given = np.asarray(actions)
        if given.shape != shape:
            expected = f"an array {list(shape)} of whole numbers"
            raise ConfigurationError(complaint("actions", expected=expected, got=f"{list(given.shape)}"))
        rewards, over, told = np.zeros(self.num_envs), False, {}
        if rounds.phase is Phase.SPEAK:
            rounds.speak(self._interface.read("message", given[rounds.speakers], agent="the speakers"))
        else:
            speakers, listeners = rounds.speakers, rounds.listeners
            outcomes, over = rounds.listen(self._interface.read("answer", given[listeners], agent="the listeners"))
            both = np.concatenate([speakers, listeners])
            rewards[both] = np.tile(outcomes.rewards, 2)
            partners = np.concatenate([listeners, speakers]) % self.topology.n_agents
            told = {
                "success": np.tile(outcomes.success, 2),
                "length": np.tile(outcomes.lengths, 2),
                "partner": partners,
                "referent": np.tile(outcomes.referents, 2),
            }
            told = self._spread(told, both)
        if over:
            told |= final_observations(self._seen())
            rounds.begin_episode(None)
        nothing, all_over = np.zeros(self.num_envs, bool), np.full(self.num_envs, over)
        return self._seen(), rewards, nothing, all_over, {**told, **self._masks()}

    def _seen(self) -> NDArray[np.float32]:
        rounds = self._rounds
        roles = rounds.roles()
        phases = np.full_like(roles, rounds.phase)
        return self._interface.observe(roles, phases, games=rounds.games(), deal=rounds.deal, received=rounds.received)

    def _masks(self) -> dict[str, Any]:
        roles = self._rounds.roles()
        masks = self._interface.masks(roles, np.full_like(roles, self._rounds.phase))
        return {"action_mask": masks, "_action_mask": np.ones(self.num_envs, bool)}

    def _spread(self, told: dict[str, NDArray[Any]], agents: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
        """Return arrays over all sub-environments, as Gymnasium has them, of what these agents are told."""
        took_part = np.zeros(self.num_envs, bool)
        took_part[agents] = True
        spread: dict[str, NDArray[Any]] = {}
        for name, values in told.items():
            spread[name] = np.zeros(self.num_envs, values.dtype)
            spread[name][agents] = values
            spread[f"_{name}"] = took_part
        return spread


def final_observations(last: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    """Return the last observations `[E, D]` of episodes that are over, as Gymnasium has them in infos."""
    rows = np.empty(len(last), dtype=object)
    for number, row in enumerate(last):
        rows[number] = row
    return {"final_obs": rows, "_final_obs": np.ones(len(last), bool)}


def side_by_side(topology: Topology, copies: int) -> Topology:
    """Return the topology that holds so many copies of one, without links between them."""
    first = np.repeat(np.arange(copies) * topology.n_agents, topology.n_edges)
    weights = None if topology.weights is None else np.tile(topology.weights, copies)
    return Topology(
        copies * topology.n_agents,
        np.tile(topology.sources, copies) + first,
        np.tile(topology.targets, copies) + first,
        weights=weights,
    )
