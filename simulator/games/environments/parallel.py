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
from hubbub.simulator.games.environments.course import Course
from hubbub.simulator.games.environments.defaults import Graph, channel_or_default, topology_or_default
from hubbub.simulator.games.environments.exchange import Exchange
from hubbub.simulator.games.environments.interface import Interface, Phase, Role
from hubbub.simulator.games.rules import Game
from hubbub.simulator.pairing.matching import matching


class ExchangeEnv(ParallelEnv):
    """N agents talk along the edges of a topology, from speaker to listener, every agent at most once a round.

    A round is two steps. Speak: the messages of the speakers are taken. Listen: the answers of the listeners are
    taken, both partners get the same reward, and their infos hold `success`, `length` (symbols sent), `partner`
    (the number of the agent) and `referent`. After `rounds` rounds the episode is truncated; the last
    observation is that of the round which would have come next. See `Interface` for observations and actions.

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
        Rounds per episode.
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
        rounds: int = 16,
        seed: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.metadata = {"name": name, "render_modes": ["ansi"], "is_parallelizable": True}
        self.render_mode = render_mode
        self.topology = topology_or_default(topology)
        channel = channel_or_default(channel)
        self._exchange = Exchange(game, channel)
        self._interface = Interface(game, channel)
        self._course = Course(rounds=rounds, seed=seed)
        self.possible_agents = [f"agent_{number}" for number in range(self.topology.n_agents)]
        self.agents: list[str] = []
        self.observation_spaces = {agent: self._interface.observation_space() for agent in self.possible_agents}
        self.action_spaces = {agent: self._interface.action_space() for agent in self.possible_agents}
        self._phase = Phase.SPEAK
        self._transcript = ""

    def observation_space(self, agent: str) -> spaces.Dict:
        """Return the observation space of an agent, always the same object."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Dict:
        """Return the action space of an agent, always the same object."""
        return self.action_spaces[agent]

    def reset(
        self, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
        """Start episode 0 of `seed` or, without one, the next episode; there are no `options`."""
        self._course.begin(seed)
        self.agents = self.possible_agents[:]
        self._transcript = ""
        self._begin_round()
        return self._observe(), {agent: {} for agent in self.agents}

    def step(
        self, actions: Mapping[str, Any]
    ) -> tuple[
        dict[str, dict[str, Any]], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]
    ]:
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
        agents = self.agents
        rewards = dict.fromkeys(agents, 0.0)
        infos: dict[str, dict[str, Any]] = {agent: {} for agent in agents}
        over = False
        if self._phase is Phase.SPEAK:
            messages = self._read("message", actions, self._speakers)
            self._sent, self._received = self._exchange.send(messages, self._course.at("noise"))
            self._phase = Phase.LISTEN
        else:
            self._settle(self._read("answer", actions, self._listeners), rewards, infos)
            over = self._course.next_round()
            self._begin_round()
        if over:
            self.agents = []
        return self._observe(), rewards, dict.fromkeys(agents, False), dict.fromkeys(agents, over), infos

    def render(self) -> str:
        """Return the last finished round as text, one line per exchange."""
        return self._transcript

    def close(self) -> None:
        """Do nothing: there is nothing to release."""

    def _begin_round(self) -> None:
        self._phase = Phase.SPEAK
        pairs = matching(topology=self.topology, generator=self._course.at("pairs"))
        self._speakers: list[int] = pairs.speakers.tolist()
        self._listeners: list[int] = pairs.listeners.tolist()
        self._deal = self._exchange.deal(len(pairs.speakers), self._course.at("referents"))

    def _read(self, part: str, actions: Mapping[str, Any], acting: list[int]) -> NDArray[np.int64]:
        """Return one part of the actions of the agents `acting`, `[M, …]`."""
        names = [self.possible_agents[agent] for agent in acting]
        return np.stack([self._interface.read(part, actions.get(name), agent=name) for name in names])

    def _settle(self, given: NDArray[np.int64], rewards: dict[str, float], infos: dict[str, dict[str, Any]]) -> None:
        """Write what the round has brought into `rewards`, `infos` and the transcript."""
        lines = []
        outcomes = self._exchange.judge(self._deal, self._sent, given)
        for speaker, listener, outcome in zip(self._speakers, self._listeners, outcomes, strict=True):
            for agent, partner in ((speaker, listener), (listener, speaker)):
                rewards[self.possible_agents[agent]] = outcome.reward
                infos[self.possible_agents[agent]] = outcome.info(partner)
            lines.append(outcome.line(speaker, listener))
        self._transcript = "\n".join(lines)

    def _observe(self) -> dict[str, dict[str, Any]]:
        """Return what every agent sees, in arrays of its own."""
        phase, interface = self._phase, self._interface
        seen = [interface.blank(Role.IDLE, phase) for _ in self.possible_agents]
        for game, (speaker, listener) in enumerate(zip(self._speakers, self._listeners, strict=True)):
            seen[speaker] = interface.speaker(phase, self._deal[game])
            if phase is Phase.LISTEN:
                seen[listener] = interface.listener(self._received[game], self._deal[game])
            else:
                seen[listener] = interface.blank(Role.LISTENER, phase)
        return dict(zip(self.possible_agents, seen, strict=True))
