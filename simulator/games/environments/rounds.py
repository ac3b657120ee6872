"""The rounds of N agents on a topology as arrays: who speaks to whom, what is dealt, sent and understood."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.games.environments.course import Course
from hubbub.simulator.games.environments.exchange import Exchange, Outcomes
from hubbub.simulator.games.environments.interface import Phase, Role
from hubbub.simulator.pairing.matching import matching
from hubbub.simulator.topology import Topology


class Rounds:
    """A round is two phases: the speakers send their messages, then the listeners answer.

    Attributes
    ----------
    phase
        Whose turn it is.
    speakers, listeners
        Numbers of the agents that were paired in this round, `[M]` int64 each; nobody is in two pairs.
    deal
        The M games of this round.
    received
        The messages as they arrived, `[M, L]`; of this round once its speakers have spoken.
    """

    def __init__(self, topology: Topology, exchange: Exchange, course: Course) -> None:
        self._topology, self._exchange, self._course = topology, exchange, course
        self.phase = Phase.SPEAK
        self.received: NDArray[np.int64] = np.zeros((0, exchange.channel.max_length), np.int64)

    def begin_episode(self, seed: int | None) -> None:
        """Start episode 0 of `seed` or, without one, the next episode."""
        self._course.begin(seed)
        self._begin_round()

    def roles(self) -> NDArray[np.int64]:
        """Return the `Role` of every agent in this round, `[N]`."""
        roles = np.full(self._topology.n_agents, Role.IDLE, np.int64)
        roles[self.speakers], roles[self.listeners] = Role.SPEAKER, Role.LISTENER
        return roles

    def games(self) -> NDArray[np.int64]:
        """Return the number of the game that every agent plays in this round, `[N]`; 0 for those that are idle."""
        games = np.zeros(self._topology.n_agents, np.int64)
        games[self.speakers] = games[self.listeners] = np.arange(len(self.speakers))
        return games

    def speak(self, messages: NDArray[np.int64]) -> None:
        """Send the messages `[M, L]` of the speakers; then it is the listeners' turn."""
        self._sent, self.received = self._exchange.send(messages, self._course.at("noise"))
        self.phase = Phase.LISTEN

    def listen(self, answers: NDArray[np.int64]) -> tuple[Outcomes, bool]:
        """Take the answers `[M, A]` of the listeners; return the outcomes, and whether the episode is over.

        The next round has then begun, also where the episode is over.
        """
        outcomes = self._exchange.judge(self.deal, self._sent, answers, received=self.received)
        over = self._course.next_round()
        self._begin_round()
        return outcomes, over

    def _begin_round(self) -> None:
        self.phase = Phase.SPEAK
        pairs = matching(topology=self._topology, generator=self._course.at("pairs"))
        self.speakers, self.listeners = pairs.speakers, pairs.listeners
        self.deal = self._exchange.deal(len(pairs.speakers), self._course.at("referents"))
