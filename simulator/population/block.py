"""A block: some agents of one kind and their part of a step.

A step has three parts: speak, listen, learn. Each part returns all that the next one needs. Blocks exchange only mail
and feedback, so a block can be in this process or in another, and blocks of different kinds can play together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

from hubbub.simulator.agents import Agent, Speech
from hubbub.simulator.games import Deal
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.parts import PopulationParts
from hubbub.simulator.randomness import RandomStreams


@dataclass(frozen=True)
class AgentGroup:
    """Neighbouring agents of a block that share random streams: all of them, or those of one society among several."""

    rng: RandomStreams
    number: int
    """Number of the block in the population or society, part of the address of its draws."""
    n: int
    """Number of agents."""


@dataclass(frozen=True)
class Spoken:
    """What the speakers of a block said in one step: the mail to send, and the speech that they will learn from."""

    mail: Mail
    speech: Speech


@dataclass(frozen=True)
class Heard:
    """What the listeners of a block understood in one step; each kind of block adds what they will learn from it."""

    listeners: Int[np.ndarray, " M"]
    feedback: Feedback


H = TypeVar("H", bound=Heard)


class Block(ABC, Generic[H]):
    """Agents `first … first + n − 1`: rows of the same tensors.

    All draws for a group of agents are keyed by (stream, step, number of the block) in the group's own random streams.
    So a result depends neither on the process that holds a block nor on the other groups in it. Subclasses define what
    an agent's weights are and how they are learned.
    """

    def __init__(self, groups: Sequence[AgentGroup], *, first: int, kind: Agent, parts: PopulationParts) -> None:
        self.groups, self.first, self.n = tuple(groups), first, sum(group.n for group in groups)
        self.kind, self.game, self.channel, self.device = kind, parts.game, parts.channel, parts.device
        self._ends = first + np.cumsum([group.n for group in groups])
        self._own = np.arange(first, first + self.n)
        self._features = torch.from_numpy(self.game.referents.features).to(self.device)

    @abstractmethod
    def weights(self, agents: NDArray[np.int64] | None = None) -> dict[str, torch.Tensor]:
        """Return the weights by name; row m belongs to `agents[m]` (numbered in the population), None means all."""

    @abstractmethod
    def learn(self, spoken: Spoken, heard: H, feedback: Feedback) -> None:
        """Update all agents that took part in a step.

        `spoken` and `heard` are what `speak` and `listen` returned; `feedback` is for the games of `spoken`.
        """

    @abstractmethod
    def replace(self, agents: NDArray[np.int64], step: int) -> None:
        """Replace `agents` by new ones that have learned nothing; draws are keyed by the step."""

    @abstractmethod
    def tensors(self) -> dict[str, torch.Tensor]:
        """Return the whole state of the agents by name, `[n, …]` each, sharing memory with the block."""

    @abstractmethod
    def is_finite(self) -> bool:
        """Return whether all weights are finite numbers."""

    @abstractmethod
    def _say(self, step: int, agents: NDArray[np.int64], deal: Deal, noise: torch.Tensor) -> Speech:
        """Return what `agents [M]` say about what they are dealt; `noise [L, M, G, V]` are Gumbel draws."""

    @abstractmethod
    def _hear(self, step: int, mail: Mail, portions: Sequence[Mail]) -> H:
        """Let each exchange's listener answer; the `portions` joined are the `mail`."""

    def owns(self, agents: Int[np.ndarray, " M"]) -> Bool[np.ndarray, " M"]:
        """Return which of `agents` are in this block, as booleans."""
        return (agents >= self.first) & (agents < self.first + self.n)

    def speak(self, step: int, exchanges: Exchanges, n_games: int) -> Spoken:
        """Deal `n_games` to each exchange of this block's speakers, and return their messages as they arrive."""
        length, vocabulary = self.channel.max_length, self.channel.vocabulary
        shares = [(group, (m, n_games)) for group, m in self._shares(exchanges.speakers)]
        deal = Deal.join(self._deals(shares, step)).to(self.device)
        noise = _join(
            [
                group.rng.gumbel((length, *shape, vocabulary), self.device, "symbols", step, group.number)
                for group, shape in shares
            ],
            dim=1,
        )
        speech = self._say(step, exchanges.speakers, deal, noise)
        sent = speech.messages
        arrived = self._transmit(sent, exchanges.speakers, step) if self.channel.noise else sent
        mail = Mail(exchanges.speakers, exchanges.listeners, deal, arrived, arrived == sent, speech.lengths)
        return Spoken(mail, speech)

    def listen(self, step: int, mail: Mail) -> H:
        """Return what this block's listeners understand of the `mail` addressed to them.

        Every exchange is a row with its listener's weights, so an agent may hear many speakers. Rows are processed in
        portions of the block's size, which bounds memory when all mail goes to one hub.
        """
        starts = range(0, max(len(mail.listeners), 1), self.n)
        return self._hear(step, mail, [mail.portion(slice(start, start + self.n)) for start in starts])

    @torch.no_grad()
    def say(
        self,
        objects: Int[torch.Tensor, "M G"],
        agents: NDArray[np.int64] | None = None,
        *,
        noise: Float[torch.Tensor, "L M G V"] | None = None,
    ) -> Int[torch.Tensor, "M G L"]:
        """Return the messages `[M, G, L]` of `agents` (None: all) about the referents `objects [M, G]`.

        They are greedy, or drawn from what each agent may say, with Gumbel numbers as `noise`.
        """
        return self.kind.speak(self.weights(agents), self._features[objects], noise=noise).messages

    @torch.no_grad()
    def answer(
        self,
        messages: Int[torch.Tensor, "M G L"],
        candidates: Int[torch.Tensor, "M G K"] | None,
        agents: NDArray[np.int64] | None = None,
    ) -> Int[torch.Tensor, "M G ..."]:
        """Return the likeliest answers of `agents` (None: all) to `messages [M, G, L]`, `[M, G]` or `[M, G, A]`."""
        seen = None if candidates is None else self._features[candidates]
        return self.game.answer(self.kind.listen(self.weights(agents), messages, seen, relaxed=None))

    @torch.no_grad()
    def understand(self, listeners: NDArray[np.int64], messages: Int[torch.Tensor, "U L"]) -> torch.Tensor:
        """Return what each of `listeners [M]` makes of all the sorted `messages [U, L]`, `[M, U, …]`."""
        return self.kind.understand(self.weights(listeners), messages)

    def load(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Load what `tensors` returned."""
        for name, own in self.tensors().items():
            own.copy_(tensors[name])

    def _deals(self, shares: Sequence[tuple[AgentGroup, tuple[int, ...]]], step: int) -> list[Deal]:
        """Return the games of each group, in the shape given for it."""
        return [
            self.game.draw(shape, split="train", generator=group.rng.at("deal", step, group.number))
            for group, shape in shares
        ]

    def _transmit(self, sent: torch.Tensor, speakers: NDArray[np.int64], step: int) -> torch.Tensor:
        """Return the messages as the noisy channel delivers them."""
        flips, replacements = [], []
        for group, m in self._shares(speakers):
            generator, shape = group.rng.at("noise", step, group.number), (m, *sent.shape[1:])
            flips.append(torch.from_numpy(generator.random(shape, dtype=np.float32)))
            replacements.append(torch.from_numpy(generator.integers(self.channel.vocabulary, size=shape)))
        return self.channel.transmit(sent, _join(flips).to(self.device), _join(replacements).to(self.device))

    def _shares(self, agents: NDArray[np.int64]) -> list[tuple[AgentGroup, int]]:
        """Return for each group how many of the rows of `agents [M]` belong to it."""
        counts = np.bincount(np.searchsorted(self._ends, agents, side="right"), minlength=len(self.groups))
        return list(zip(self.groups, counts.tolist(), strict=True))


def _join(parts: list[torch.Tensor], *, dim: int = 0) -> torch.Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim=dim)
