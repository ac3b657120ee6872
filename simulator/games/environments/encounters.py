"""The rounds of one agent among frozen partners as arrays, in any number of games at once."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.games.environments.course import Course
from hubbub.simulator.games.environments.exchange import Exchange, Outcomes
from hubbub.simulator.games.environments.interface import Phase, Role
from hubbub.simulator.pairing.exchanges import proportions
from hubbub.simulator.topology import Topology


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


class Encounters:
    """E games at once; in each, the agent meets a partner over one of its links, drawn in proportion to its weight.

    On an out-link the agent speaks and its partner listens, on an in-link the partner has spoken and the agent listens.

    Attributes
    ----------
    roles, phases
        The `Role` of the agent in each game, `[E]`, and the `Phase` in which it acts.
    partner
        Number of the partner in each game, `[E]`.
    deal
        The E games.
    received
        The messages that the agent has received, `[E, L]`; 0 where it speaks.
    """

    def __init__(
        self, topology: Topology, agent: int, partners: Partners, exchange: Exchange, course: Course, n_games: int
    ) -> None:
        self._topology, self._agent, self._partners = topology, agent, partners
        self._exchange, self._course, self._n_games = exchange, course, n_games
        known = getattr(getattr(partners, "topology", None), "n_agents", topology.n_agents)
        if known != topology.n_agents:
            expected = f"{topology.n_agents} agents, as in the topology"
            raise ConfigurationError(complaint("partners", expected=expected, got=known))
        self._edges = np.flatnonzero((topology.sources == agent) | (topology.targets == agent))
        if not len(self._edges):
            raise ConfigurationError(complaint("agent", expected="the number of an agent that has a link", got=agent))
        weights = np.ones(topology.n_edges) if topology.weights is None else topology.weights
        self._shares = proportions(weights[self._edges])

    def begin_episode(self, seed: int | None) -> None:
        """Start episode 0 of `seed` or, without one, the next episode."""
        self._course.begin(seed)
        self._begin_round()

    def play(self, messages: NDArray[np.int64], answers: NDArray[np.int64]) -> tuple[Outcomes, bool]:
        """Take the agent's messages `[S, L]` where it speaks and its answers `[H, A]` where it listens.

        Return the outcomes of the E games, and whether the episode is over. The next round has then begun.
        """
        (speaking,), (hearing,) = np.nonzero(self.roles == Role.SPEAKER), np.nonzero(self.roles == Role.LISTENER)
        given = np.zeros((self._n_games, len(self._exchange.game.answer_sizes)), np.int64)
        if len(hearing):
            given[hearing] = answers
        if len(speaking):
            received = self._send(messages, speaking)
            candidates = None if self.deal.candidates is None else self.deal.candidates.numpy()[speaking]
            given[speaking] = np.reshape(
                self._partners.listen(self.partner[speaking], received, candidates), (len(speaking), -1)
            )
        outcomes = self._exchange.judge(self.deal, self._sent, given, received=self._arrived)
        over = self._course.next_round()
        self._begin_round()
        return outcomes, over

    def _begin_round(self) -> None:
        edges = self._course.at("pairs").choice(self._edges, size=self._n_games, p=self._shares)
        sources, targets = self._topology.sources[edges], self._topology.targets[edges]
        speaks = sources == self._agent
        self.roles = np.where(speaks, int(Role.SPEAKER), int(Role.LISTENER))
        self.phases = np.where(speaks, int(Phase.SPEAK), int(Phase.LISTEN))
        self.partner = np.where(speaks, targets, sources)
        self.deal = self._exchange.deal(self._n_games, self._course.at("referents"))
        self._sent = np.zeros((self._n_games, self._exchange.channel.max_length), np.int64)
        self.received, self._arrived = self._sent.copy(), self._sent.copy()
        (hearing,) = np.nonzero(~speaks)
        if len(hearing):
            messages = self._partners.speak(self.partner[hearing], self.deal.objects.numpy()[hearing])
            self.received[hearing] = self._send(messages, hearing)

    def _send(self, messages: NDArray[np.int64], games: NDArray[np.int64]) -> NDArray[np.int64]:
        """Send the messages of these games and return them as received; every game has noise of its own."""
        rows = np.zeros_like(self._sent)
        rows[games] = messages
        sent, received = self._exchange.send(rows, self._course.at("noise"))
        self._sent[games], self._arrived[games] = sent[games], received[games]
        return received[games]
