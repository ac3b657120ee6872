"""N agents on a topology as a PettingZoo `ParallelEnv`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.games.environments.course import Course, rounds_of
from hubbub.simulator.games.environments.defaults import Graph, channel_or_default, topology_or_default
from hubbub.simulator.games.environments.exchange import Exchange, Outcomes
from hubbub.simulator.games.environments.flat import FlatInterface
from hubbub.simulator.games.environments.interface import Interface, Phase, Role
from hubbub.simulator.games.environments.rounds import Rounds
from hubbub.simulator.games.rules import Game


class ExchangeEnv(ParallelEnv):
    """N agents talk along the edges of a topology, from speaker to listener, every agent at most once a round.

    A round is two steps. Speak: the messages of the speakers are taken. Listen: the answers of the listeners are
    taken, both partners get the same reward, and their infos hold `success`, `length` (symbols sent), `partner`
    (the number of the agent) and `referent`. After `rounds` rounds the episode is truncated; the last
    observation is that of the round which would have come next. Observations and actions are dictionaries, see
    `Interface`, or arrays, see `FlatInterface`; with arrays the infos also hold an `action_mask`. `state` is what all
    agents see as one array, for a critic that is shared by all.

    Parameters
    ----------
    game
        The game played; its held-out referents are never dealt.
    name
        Name and version, for `metadata`.
    topology
        Who may hear whom: a topology, a networkx graph, the name of a topology ("karate"), or a mapping with its
        options (`{"kind": "ring", "n_agents": 8}`); by default a ring of four. Edges with a larger weight are drawn
        more often.
    channel
        How messages travel and what they cost, by default `Channel()`; how a speaker learns is not its business.
    rounds
        Rounds per episode, by default 16.
    max_cycles
        Steps per episode, two for each round, in place of `rounds`.
    flat
        Whether observations and actions are arrays, as most trainers want them.
    action_masks
        Whether infos hold an `action_mask` where observations and actions are arrays.
    seed
        Seed until `reset` gives another; by default a fresh one, drawn at the first `reset`, so that copies of a new
        environment differ. A round is a function of the seed, the number of the episode and of the round, and the
        actions.
    """

    def __init__(
        self,
        game: Game,
        *,
        name: str,
        topology: Graph | None = None,
        channel: Channel | None = None,
        rounds: int | None = None,
        max_cycles: int | None = None,
        flat: bool = False,
        action_masks: bool = True,
        seed: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.metadata = {"name": name, "render_modes": ["ansi"], "is_parallelizable": True}
        self.render_mode = render_mode
        self.topology = topology_or_default(topology)
        channel = channel_or_default(channel)
        course = Course(rounds=rounds_of(rounds, max_cycles), seed=seed)
        self._rounds = Rounds(self.topology, Exchange(game, channel), course)
        self._dictionaries, self._arrays = Interface(game, channel), FlatInterface(game, channel)
        self.flat = flat
        self._has_masks = flat and action_masks
        interface = self._arrays if flat else self._dictionaries
        self.possible_agents = [f"agent_{number}" for number in range(self.topology.n_agents)]
        self.agents: list[str] = []
        self.observation_spaces = {agent: interface.observation_space() for agent in self.possible_agents}
        self.action_spaces = {agent: interface.action_space() for agent in self.possible_agents}
        one = self._arrays.observation_space()
        self.state_space = spaces.Box(
            np.tile(one.low, self.topology.n_agents), np.tile(one.high, self.topology.n_agents), dtype=np.float32
        )
        self._transcript = ""

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """Return the observation space of an agent, always the same object."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """Return the action space of an agent, always the same object."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        """Start episode 0 of `seed` or, without one, the next episode; there are no `options`."""
        self._rounds.begin_episode(seed)
        self.agents = self.possible_agents[:]
        self._transcript = ""
        return self._observe(), self._infos()

    def step(
        self, actions: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Take the messages of the speakers or the answers of the listeners; nothing else in `actions` is read.

        Raises
        ------
        ConfigurationError
            When no episode is running, an agent is unknown, or an action is missing or not in the action space.
        """
        if not self.agents:
            raise ConfigurationError("step: expected a running episode, got none; call reset first")
        for name in actions:
            if name not in self.action_spaces:
                raise ConfigurationError(
                    complaint("actions", expected="names of agents", got=name, valid=self.possible_agents)
                )
        agents, rounds = self.agents, self._rounds
        speakers, listeners = rounds.speakers, rounds.listeners
        rewards, over, outcomes = dict.fromkeys(agents, 0.0), False, None
        if rounds.phase is Phase.SPEAK:
            rounds.speak(self._read("message", actions, speakers))
        else:
            outcomes, over = rounds.listen(self._read("answer", actions, listeners))
        infos = self._infos()
        if outcomes is not None:
            self._settle(outcomes, speakers.tolist(), listeners.tolist(), rewards, infos)
        if over:
            self.agents = []
        return self._observe(), rewards, dict.fromkeys(agents, False), dict.fromkeys(agents, over), infos

    def state(self) -> NDArray[np.float32]:
        """Return what all agents see, one after the other, each as `FlatInterface` shows it: `[N · D]`."""
        return self._seen().reshape(-1)

    def render(self) -> str:
        """Return the last finished round as text, one line per exchange."""
        return self._transcript

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _read(self, part: str, actions: Mapping[str, Any], acting: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return one part of the actions of the agents `acting`, `[M, …]`."""
        names = [self.possible_agents[agent] for agent in acting]
        if not self.flat:
            read = [self._dictionaries.read(part, actions.get(name), agent=name) for name in names]
        else:
            read = [self._arrays.read(part, np.asarray(actions.get(name))[None], agent=name)[0] for name in names]
        return np.stack(read)

    def _settle(
        self,
        outcomes: Outcomes,
        speakers: list[int],
        listeners: list[int],
        rewards: dict[str, float],
        infos: dict[str, dict[str, Any]],
    ) -> None:
        """Write what the round has brought into `rewards`, `infos` and the transcript."""
        lines = []
        for speaker, listener, outcome in zip(speakers, listeners, outcomes.each(), strict=True):
            for agent, partner in ((speaker, listener), (listener, speaker)):
                rewards[self.possible_agents[agent]] = outcome.reward
                infos[self.possible_agents[agent]].update(outcome.info(partner))
            lines.append(outcome.line(speaker, listener))
        self._transcript = "\n".join(lines)

    def _infos(self) -> dict[str, dict[str, Any]]:
        """Return infos that hold nothing yet but the masks, where there are any."""
        if not self._has_masks:
            return {agent: {} for agent in self.possible_agents}
        roles = self._rounds.roles()
        masks = self._arrays.masks(roles, np.full_like(roles, self._rounds.phase))
        return {agent: {"action_mask": mask} for agent, mask in zip(self.possible_agents, masks, strict=True)}

    def _seen(self) -> NDArray[np.float32]:
        """Return what every agent sees as an array, `[N, D]`."""
        rounds = self._rounds
        roles = rounds.roles()
        phases = np.full_like(roles, rounds.phase)
        return self._arrays.observe(roles, phases, games=rounds.games(), deal=rounds.deal, received=rounds.received)

    def _observe(self) -> dict[str, Any]:
        """Return what every agent sees, in arrays of its own."""
        if self.flat:
            return dict(zip(self.possible_agents, self._seen(), strict=True))
        rounds, interface = self._rounds, self._dictionaries
        seen = [interface.blank(Role.IDLE, rounds.phase) for _ in self.possible_agents]
        for game, (speaker, listener) in enumerate(zip(rounds.speakers, rounds.listeners, strict=True)):
            seen[speaker] = interface.speaker(rounds.phase, rounds.deal[game])
            if rounds.phase is Phase.LISTEN:
                seen[listener] = interface.listener(rounds.received[game], rounds.deal[game])
            else:
                seen[listener] = interface.blank(Role.LISTENER, rounds.phase)
        return dict(zip(self.possible_agents, seen, strict=True))
