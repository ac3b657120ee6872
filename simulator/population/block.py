"""A block: some agents of one kind, their weights, their optimiser, and their part of a step.

A step has three parts: speak, listen, learn. Between the parts only messages, deals and feedback travel from block
to block, so a block can live in this process or in another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from simulator.agents import Agent, Speech
from simulator.channel import Channel, one_hot
from simulator.games import Deal, Game
from simulator.learning.optimiser import StackedAdam
from simulator.learning.speaking import gumbel_backward, reinforce_backward
from simulator.pairing import Exchanges
from simulator.population.mail import Feedback, Mail
from simulator.randomness import Luck


@dataclass(frozen=True)
class Members:
    """Neighbouring agents of a block that share their luck: all of them, or those of one society among several."""

    luck: Luck
    number: int
    """Number of the block in the society, the address of its draws."""
    n: int


class Block:
    """Agents `first … first + n − 1`: rows of one matrix of weights `[n, P]`.

    All draws of its `members` have the address (stream, step, number), in their own luck; so neither where a block
    lives nor who else is in it changes anything.
    """

    def __init__(
        self,
        members: Sequence[Members],
        *,
        first: int,
        kind: Agent,
        game: Game,
        channel: Channel,
        learning_rate: float,
        device: torch.device,
    ) -> None:
        self.members, self.first, self.n = tuple(members), first, sum(part.n for part in members)
        self.kind, self.game, self.channel, self.device = kind, game, channel, device
        self._ends = first + np.cumsum([part.n for part in members])
        self._sizes = [math.prod(shape) for shape in kind.layout.values()]
        self.flat = self._new_weights("initial-weights", 0).requires_grad_()
        self.flat.grad = torch.zeros_like(self.flat)
        self.optimiser = StackedAdam(self.flat.detach(), learning_rate=learning_rate)
        self._own = np.arange(first, first + self.n)
        self._features = torch.from_numpy(game.referents.features).to(device)
        self._speech: Speech | None = None
        self._speakers = np.empty(0, np.int64)
        self._listeners = np.empty(0, np.int64)

    def owns(self, agents: np.ndarray) -> np.ndarray:
        """Return which of `agents` live in this block, as booleans."""
        return (agents >= self.first) & (agents < self.first + self.n)

    def weights(self, agents: np.ndarray | None = None) -> dict[str, torch.Tensor]:
        """Return the weights by name; row m belongs to `agents[m]` (numbered in the population), None means all."""
        stacked = self.flat
        if agents is not None and not np.array_equal(agents, self._own):
            rows = torch.from_numpy(agents - self.first).to(self.device)
            stacked = stacked.index_select(0, rows)  # unlike indexing, its derivative adds in a fixed order
        parts = torch.split(stacked, self._sizes, dim=1)
        return {
            name: part.unflatten(1, shape) for (name, shape), part in zip(self.kind.layout.items(), parts, strict=True)
        }

    def speak(self, step: int, exchanges: Exchanges, n_games: int) -> Mail:
        """Deal `n_games` to each exchange of this block's speakers, say the messages and post them."""
        self._speakers = exchanges.speakers
        length, vocabulary = self.channel.max_length, self.channel.vocabulary
        shares = [(part, (m, n_games)) for part, m in self._shares(exchanges.speakers)]
        deal = Deal.join(
            [
                self.game.draw(shape, split="train", generator=part.luck.at("deal", step, part.number))
                for part, shape in shares
            ]
        ).to(self.device)
        noise = _join(
            [
                part.luck.gumbel((length, *shape, vocabulary), self.device, "symbols", step, part.number)
                for part, shape in shares
            ],
            dim=1,
        )
        self._speech = self.kind.speak(self.weights(exchanges.speakers), self._features[deal.objects], noise=noise)
        sent = self._speech.messages
        arrived = self._pass(sent, step) if self.channel.noise else sent
        return Mail(exchanges.speakers, exchanges.listeners, deal, arrived, arrived == sent, self._speech.lengths)

    def listen(self, mail: Mail) -> Feedback:
        """Hear the mail addressed to this block and keep the gradient of the listeners' loss.

        Every exchange is a row with its listener's weights, so an agent that hears many speakers gets the exact sum
        of their gradients. Rows are taken in portions of the block's size, which bounds memory when all mail goes to
        one hub.
        """
        self._listeners = mail.listeners
        starts = range(0, max(len(mail.listeners), 1), self.n)
        return Feedback.join([self._hear(mail.portion(slice(start, start + self.n))) for start in starts])

    def learn(self, feedback: Feedback) -> None:
        """Finish the step: the speakers' gradient from the feedback, then one update of all who took part."""
        assert self._speech is not None and self.flat.grad is not None
        if len(self._speakers):
            if feedback.gradient is not None:
                gumbel_backward(self._speech, feedback.gradient, self.channel)
            else:
                reinforce_backward(self._speech, feedback.log_likelihood, self.channel)
        took_part = np.union1d(self._speakers, self._listeners) - self.first
        self.optimiser.step(self.flat.grad, took_part.tolist())
        self.flat.grad.zero_()
        self._speech = None

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

    @torch.no_grad()
    def replace(self, agents: np.ndarray, step: int) -> None:
        """Put new agents, who know nothing yet, in the places of `agents`; drawn at the address of the step."""
        rows = torch.from_numpy(agents - self.first).to(self.device)
        self.flat[rows] = self._new_weights("newcomers", step)[rows]
        self.optimiser.forget(rows)

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return weights, moments and update counts by name, `[n, …]` each, sharing memory with the block."""
        stacks = {
            "weights": self.flat.detach(),
            "first_moment": self.optimiser.first_moment,
            "second_moment": self.optimiser.second_moment,
        }
        named = {
            f"{stack}.{name}": part.unflatten(1, shape)
            for stack, values in stacks.items()
            for (name, shape), part in zip(
                self.kind.layout.items(), torch.split(values, self._sizes, dim=1), strict=True
            )
        }
        return {**named, "updates": self.optimiser.updates}

    def load(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take over what `tensors` returned."""
        for name, mine in self.tensors().items():
            mine.copy_(tensors[name])

    def is_finite(self) -> bool:
        """Return whether all weights are finite numbers."""
        return bool(torch.isfinite(self.flat).all())

    def _pass(self, sent: torch.Tensor, step: int) -> torch.Tensor:
        """Return the messages as the noisy channel delivers them."""
        flips, replacements = [], []
        for part, m in self._shares(self._speakers):
            draws, shape = part.luck.at("noise", step, part.number), (m, *sent.shape[1:])
            flips.append(torch.from_numpy(draws.random(shape, dtype=np.float32)))
            replacements.append(torch.from_numpy(draws.integers(self.channel.vocabulary, size=shape)))
        return self.channel.transmit(sent, _join(flips).to(self.device), _join(replacements).to(self.device))

    def _shares(self, speakers: np.ndarray) -> list[tuple[Members, int]]:
        """Return how many of the exchanges of `speakers [M]`, sorted, each of the members has."""
        counts = np.diff(np.searchsorted(speakers, self._ends), prepend=0)
        return list(zip(self.members, counts.tolist(), strict=True))

    def _new_weights(self, stream: str, step: int) -> torch.Tensor:
        """Return the weights `[n, P]` of new agents."""
        drawn = [self.kind.initialise(part.luck.at(stream, step, part.number), part.n) for part in self.members]
        stacks = [np.concatenate([new[name] for new in drawn]).reshape(self.n, -1) for name in self.kind.layout]
        return torch.from_numpy(np.concatenate(stacks, axis=1)).to(self.device)

    def _hear(self, mail: Mail) -> Feedback:
        """Let each row's listener answer one portion of the mail, and run its loss backwards."""
        relaxed = None
        if self.channel.estimator == "gumbel":
            symbols = one_hot(mail.messages, self.channel.vocabulary)
            relaxed = (symbols * self.channel.alive(mail.messages).unsqueeze(-1)).requires_grad_()
        candidates = None if mail.deal.candidates is None else self._features[mail.deal.candidates]
        scores = self.kind.listen(self.weights(mail.listeners), mail.messages, candidates, relaxed=relaxed)
        log_likelihood = self.game.log_likelihood(scores, mail.deal.answers)
        if len(mail.listeners):
            (-log_likelihood.mean(1).sum()).backward()
        gradient = None
        if relaxed is not None:
            gradient = torch.zeros_like(relaxed) if relaxed.grad is None else relaxed.grad
            gradient = gradient * mail.intact.unsqueeze(-1)  # a replaced symbol says nothing about the one sent
        success = self.game.success(self.game.answer(scores.detach()), mail.deal.answers)
        return Feedback(log_likelihood.detach(), success, gradient)


def _join(parts: list[torch.Tensor], *, dim: int = 0) -> torch.Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim=dim)
