"""One agent in a frozen population as a Gymnasium environment."""

from __future__ import annotations

from typing import Any, Protocol

import gymnasium
import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.channel import Channel
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.games.environments.course import Course
from hubbub.simulator.games.environments.defaults import Graph, channel_or_default, topology_or_default
from hubbub.simulator.games.environments.exchange import Exchange
from hubbub.simulator.games.environments.interface import Interface, Phase, Role
from hubbub.simulator.games.rules import Game
from hubbub.simulator.pairing.exchanges import proportions


class Partners(Protocol):
    """Agents that answer and do not learn; M games at a time, agents and referents by number."""

    def speak(self, agents: NDArray[np.int64], objects: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the messages `[M, L]` (int64) of `agents [M]` about the referents `objects [M]`."""
        ...

    def listen(
        self, agents: NDArray[np.int64], messages: NDArray[np.int64], candidates: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        """Return what `agents [M]` answer to `messages [M, L]`: `[M, A]`, or places `[M]` among `candidates [M, K]`."""
        ...


class OneAgentEnv(gymnasium.Env[dict[str, Any], dict[str, Any]]):
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
        seed: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        self.render_mode = render_mode
        self.topology = topology_or_default(topology)
        self.partners = partners
        self.agent = agent
        known = getattr(getattr(partners, "topology", None), "n_agents", self.topology.n_agents)
        if known != self.topology.n_agents:
            raise ConfigurationError(
                complaint("partners", expected=f"{self.topology.n_agents} agents, as in the topology", got=known)
            )
        self._edges = np.flatnonzero((self.topology.sources == agent) | (self.topology.targets == agent))
        if not len(self._edges):
            raise ConfigurationError(complaint("agent", expected="the number of an agent that has a link", got=agent))
        weights = np.ones(self.topology.n_edges) if self.topology.weights is None else self.topology.weights
        self._shares = proportions(weights[self._edges])
        channel = channel_or_default(channel)
        self._exchange = Exchange(game, channel)
        self._interface = Interface(game, channel)
        self._course = Course(rounds=rounds, seed=seed)
        self.observation_space = self._interface.observation_space()
        self.action_space = self._interface.action_space()
        self._transcript = ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start episode 0 of `seed` or, without one, the next episode; there are no `options`."""
        super().reset(seed=seed)
        self._course.begin(seed)
        self._transcript = ""
        self._begin_round()
        return self._observe(), {}

    def step(self, action: dict[str, Any]) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Take the agent's message or its answer and let the partner do the rest.

        Raises
        ------
        ConfigurationError
            When the part of the action that the role asks for is missing or not in the action space.
        """
        name = f"agent_{self.agent}"
        if self._role is Role.SPEAKER:
            self._send(self._interface.read("message", action, agent=name)[None])
            candidates = None if self._deal.candidates is None else self._deal.candidates.numpy()
            given = self.partners.listen(self._partner, self._received, candidates)
            pair = (self.agent, self._partner.item())
        else:
            given = self._interface.read("answer", action, agent=name)[None]
            pair = (self._partner.item(), self.agent)
        [outcome] = self._exchange.judge(self._deal, self._sent, given)
        self._transcript = outcome.line(*pair)
        info = outcome.info(self._partner.item())
        over = self._course.next_round()
        self._begin_round()
        return self._observe(), outcome.reward, False, over, info

    def render(self) -> str:
        """Return the last exchange as a line of text."""
        return self._transcript

    def _begin_round(self) -> None:
        edge = self._course.at("pairs").choice(self._edges, p=self._shares)
        source, target = self.topology.sources[edge], self.topology.targets[edge]
        self._role = Role.SPEAKER if source == self.agent else Role.LISTENER
        self._partner = np.array([target if self._role is Role.SPEAKER else source])
        self._deal = self._exchange.deal(1, self._course.at("referents"))
        if self._role is Role.LISTENER:
            self._send(self.partners.speak(self._partner, self._deal.objects.numpy()))

    def _send(self, messages: NDArray[np.int64]) -> None:
        self._sent, self._received = self._exchange.send(messages, self._course.at("noise"))

    def _observe(self) -> dict[str, Any]:
        if self._role is Role.SPEAKER:
            return self._interface.speaker(Phase.SPEAK, self._deal[0])
        return self._interface.listener(self._received[0], self._deal[0])
