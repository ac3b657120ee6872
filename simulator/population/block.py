"""A block: some agents of one kind, their weights, their optimiser, and their part of a step.

A step has three parts: speak, listen, learn. Between the parts only messages, deals and feedback travel from block
to block, so a block can live in this process or in another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch

from simulator.agents import Agent, Speech
from simulator.channel import Channel, one_hot
from simulator.games import Game
from simulator.learning.optimiser import StackedAdam
from simulator.learning.speaking import gumbel_backward, reinforce_backward
from simulator.pairing import Exchanges
from simulator.population.mail import Feedback, Mail
from simulator.randomness import Luck


class Block:
    """Agents `first … first + n − 1`: rows of one matrix of weights `[n, P]`.

    All draws have the address (stream, step, `number` of the block), so where a block lives changes nothing.
    """

    def __init__(
        self,
        number: int,
        *,
        first: int,
        n: int,
        kind: Agent,
        game: Game,
        channel: Channel,
        learning_rate: float,
        luck: Luck,
        device: torch.device,
    ) -> None:
        self.number, self.first, self.n = number, first, n
        self.kind, self.game, self.channel, self.luck, self.device = kind, game, channel, luck, device
        self._sizes = [math.prod(shape) for shape in kind.layout.values()]
        start = kind.initialise(luck.at("initial-weights", 0, number), n)
        flat = np.concatenate([start[name].reshape(n, -1) for name in kind.layout], axis=1)
        self.flat = torch.from_numpy(flat).to(device).requires_grad_()
        self.flat.grad = torch.zeros_like(self.flat)
        self.optimiser = StackedAdam(self.flat.detach(), learning_rate=learning_rate)
        self._own = np.arange(first, first + n)
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
        shape = (len(exchanges.speakers), n_games)
        deal = self.game.draw(shape, split="train", generator=self.luck.at("deal", step, self.number)).to(self.device)
        noise = self.luck.gumbel(
            (self.channel.max_length, *shape, self.channel.vocabulary), self.device, "symbols", step, self.number
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
        draws = self.luck.at("noise", step, self.number)
        flips = torch.from_numpy(draws.random(sent.shape, dtype=np.float32)).to(self.device)
        replacements = torch.from_numpy(draws.integers(self.channel.vocabulary, size=sent.shape)).to(self.device)
        return self.channel.transmit(sent, flips, replacements)

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
