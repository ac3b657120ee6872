"""A block: some agents of one kind and their part of a step.

A step has three parts: speak, listen, learn. Between the parts only messages, deals and feedback travel from block
to block, so a block can live in this process or in another, and blocks of different kinds can talk to each other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from hubbub.simulator.agents import Agent, Speech
from hubbub.simulator.channel import Channel
from hubbub.simulator.games import Deal, Game
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.randomness import RandomStreams


@dataclass(frozen=True)
class Members:
    """Neighbouring agents of a block that share their luck: all of them, or those of one society among several."""

    rng: RandomStreams
    number: int
    """Number of the block in the society, the address of its draws."""
    n: int


class Block(ABC):
    """Agents `first … first + n − 1`: rows of the same tensors.

    All draws of its `members` have the address (stream, step, number), in their own luck; so neither where a block
    lives nor who else is in it changes anything. What the agents are, and how they learn, is for those who extend it.
    """

    def __init__(
        self,
        members: Sequence[Members],
        *,
        first: int,
        kind: Agent,
        game: Game,
        channel: Channel,
        device: torch.device,
    ) -> None:
        self.members, self.first, self.n = tuple(members), first, sum(part.n for part in members)
        self.kind, self.game, self.channel, self.device = kind, game, channel, device
        self._ends = first + np.cumsum([part.n for part in members])
        self._own = np.arange(first, first + self.n)
        self._features = torch.from_numpy(game.referents.features).to(device)
        self._speakers = np.empty(0, np.int64)
        self._listeners = np.empty(0, np.int64)

    @abstractmethod
    def weights(self, agents: np.ndarray | None = None) -> dict[str, torch.Tensor]:
        """Return the weights by name; row m belongs to `agents[m]` (numbered in the population), None means all."""

    @abstractmethod
    def learn(self, feedback: Feedback) -> None:
        """Finish the step: all who took part learn, the speakers from the `feedback` of their listeners."""

    @abstractmethod
    def replace(self, agents: np.ndarray, step: int) -> None:
        """Put new agents, who know nothing yet, in the places of `agents`; drawn at the address of the step."""

    @abstractmethod
    def tensors(self) -> dict[str, torch.Tensor]:
        """Return all that the agents are by name, `[n, …]` each, sharing memory with the block."""

    @abstractmethod
    def is_finite(self) -> bool:
        """Return whether all weights are finite numbers."""

    @abstractmethod
    def _utter(self, step: int, deal: Deal, noise: torch.Tensor) -> Speech:
        """Return what the speakers say about what they are dealt; `noise [L, M, G, V]` are Gumbel draws."""

    @abstractmethod
    def _hear(self, mail: Mail) -> Feedback:
        """Let each row's listener answer one portion of the mail, and keep what it will learn from."""

    def owns(self, agents: np.ndarray) -> np.ndarray:
        """Return which of `agents` live in this block, as booleans."""
        return (agents >= self.first) & (agents < self.first + self.n)

    def speak(self, step: int, exchanges: Exchanges, n_games: int) -> Mail:
        """Deal `n_games` to each exchange of this block's speakers, say the messages and post them."""
        self._speakers = exchanges.speakers
        length, vocabulary = self.channel.max_length, self.channel.vocabulary
        shares = [(part, (m, n_games)) for part, m in self._shares(exchanges.speakers)]
        deal = Deal.join(self._deals(shares, step)).to(self.device)
        noise = _join(
            [
                part.rng.gumbel((length, *shape, vocabulary), self.device, "symbols", step, part.number)
                for part, shape in shares
            ],
            dim=1,
        )
        speech = self._utter(step, deal, noise)
        sent = speech.messages
        arrived = self._pass(sent, step) if self.channel.noise else sent
        return Mail(exchanges.speakers, exchanges.listeners, deal, arrived, arrived == sent, speech.lengths)

    def listen(self, mail: Mail) -> Feedback:
        """Hear the mail addressed to this block and keep what its listeners will learn from.

        Every exchange is a row with its listener's weights, so an agent may hear many speakers. Rows are taken in
        portions of the block's size, which bounds memory when all mail goes to one hub.
        """
        self._listeners = mail.listeners
        starts = range(0, max(len(mail.listeners), 1), self.n)
        return Feedback.join([self._hear(mail.portion(slice(start, start + self.n))) for start in starts])

    @torch.no_grad()
    def say(self, objects: torch.Tensor, agents: np.ndarray | None = None) -> torch.Tensor:
        """Return the greedy messages `[M, G, L]` of `agents` (None: all) about the referents `objects [M, G]`."""
        return self.kind.speak(self.weights(agents), self._features[objects], noise=None).messages

    @torch.no_grad()
    def answer(
        self, messages: torch.Tensor, candidates: torch.Tensor | None, agents: np.ndarray | None = None
    ) -> torch.Tensor:
        """Return the likeliest answers of `agents` (None: all) to `messages [M, G, L]`, `[M, G]` or `[M, G, A]`."""
        seen = None if candidates is None else self._features[candidates]
        return self.game.answer(self.kind.listen(self.weights(agents), messages, seen, relaxed=None))

    def load(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take over what `tensors` returned."""
        for name, mine in self.tensors().items():
            mine.copy_(tensors[name])

    def _deals(self, shares: Sequence[tuple[Members, tuple[int, ...]]], step: int) -> list[Deal]:
        """Return the games of each share, of the shape it names."""
        return [
            self.game.draw(shape, split="train", generator=part.rng.at("deal", step, part.number))
            for part, shape in shares
        ]

    def _pass(self, sent: torch.Tensor, step: int) -> torch.Tensor:
        """Return the messages as the noisy channel delivers them."""
        flips, replacements = [], []
        for part, m in self._shares(self._speakers):
            draws, shape = part.rng.at("noise", step, part.number), (m, *sent.shape[1:])
            flips.append(torch.from_numpy(draws.random(shape, dtype=np.float32)))
            replacements.append(torch.from_numpy(draws.integers(self.channel.vocabulary, size=shape)))
        return self.channel.transmit(sent, _join(flips).to(self.device), _join(replacements).to(self.device))

    def _shares(self, agents: np.ndarray) -> list[tuple[Members, int]]:
        """Return how many of the rows that `agents [M]` play each of the members has."""
        counts = np.bincount(np.searchsorted(self._ends, agents, side="right"), minlength=len(self.members))
        return list(zip(self.members, counts.tolist(), strict=True))


def _join(parts: list[torch.Tensor], *, dim: int = 0) -> torch.Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim=dim)
