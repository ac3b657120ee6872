"""Agents that learn by gradients: their weights, their optimiser, and their part of a step."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch

from hubbub.simulator.agents import Agent, Speech
from hubbub.simulator.channel import Channel, one_hot
from hubbub.simulator.games import Deal, Game
from hubbub.simulator.learning.optimiser import StackedAdam
from hubbub.simulator.learning.speaking import gumbel_backward, reinforce_backward
from hubbub.simulator.population.block import Block, Members
from hubbub.simulator.population.mail import Feedback, Mail


class GradientBlock(Block):
    """Agents as rows of one matrix of weights `[n, P]`."""

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
        super().__init__(members, first=first, kind=kind, game=game, channel=channel, device=device)
        self._sizes = [math.prod(shape) for shape in kind.layout.values()]
        self.flat = self._new_weights("initial-weights", 0).requires_grad_()
        self.flat.grad = torch.zeros_like(self.flat)
        self.optimiser = StackedAdam(self.flat.detach(), learning_rate=learning_rate)
        self._speech: Speech | None = None

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

    def learn(self, feedback: Feedback) -> None:
        """Finish the step: the speakers' gradient from the feedback, then one update of all who took part."""
        assert self._speech is not None and self.flat.grad is not None
        if len(self._speakers):
            if feedback.gradient is not None:
                gumbel_backward(self._speech, feedback.gradient, self.channel)
            else:
                reinforce_backward(self._speech, feedback.log_likelihood, self.channel)
        self._update(np.union1d(self._speakers, self._listeners) - self.first, self.flat.grad)
        self.flat.grad.zero_()
        self._speech = None

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

    def is_finite(self) -> bool:
        """Return whether all weights are finite numbers."""
        return bool(torch.isfinite(self.flat).all())

    def _new_weights(self, stream: str, step: int) -> torch.Tensor:
        """Return the weights `[n, P]` of new agents."""
        drawn = [self.kind.initialise(part.rng.at(stream, step, part.number), part.n) for part in self.members]
        stacks = [np.concatenate([new[name] for new in drawn]).reshape(self.n, -1) for name in self.kind.layout]
        return torch.from_numpy(np.concatenate(stacks, axis=1)).to(self.device)

    def _update(self, rows: np.ndarray, gradients: torch.Tensor) -> None:
        """Let the agents of `rows` take one step along their `gradients [n, P]`."""
        self.optimiser.step(gradients, rows.tolist())

    def _utter(self, step: int, deal: Deal, noise: torch.Tensor) -> Speech:
        self._speech = self.kind.speak(self.weights(self._speakers), self._features[deal.objects], noise=noise)
        return self._speech

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
