"""Agents that learn by gradients: their weights, their optimiser, and their part of a step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray

from hubbub.simulator.agents import Agent, Speech
from hubbub.simulator.channel import one_hot
from hubbub.simulator.games import Deal
from hubbub.simulator.learning.optimiser import StackedAdam
from hubbub.simulator.learning.speaking import gumbel_loss, reinforce_loss
from hubbub.simulator.population.block import AgentGroup, Block, Heard, Spoken
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.parts import PopulationParts


@dataclass(frozen=True)
class GradientHeard(Heard):
    """What listeners understood, and the gradient of their loss with respect to all weights of the block."""

    gradients: Float[torch.Tensor, "n P"]


class GradientBlock(Block[GradientHeard]):
    """Agents as rows of one matrix of weights `[n, P]`."""

    def __init__(self, groups: Sequence[AgentGroup], *, first: int, kind: Agent, parts: PopulationParts) -> None:
        super().__init__(groups, first=first, kind=kind, parts=parts)
        self._sizes = [math.prod(shape) for shape in kind.layout.values()]
        draw = self._same_weights if parts.training.first_weights == "shared" else self._new_weights
        self.flat = draw("initial-weights", 0).requires_grad_()
        self.optimiser = StackedAdam(self.flat.detach(), learning_rate=parts.training.learning_rate)

    def weights(self, agents: NDArray[np.int64] | None = None) -> dict[str, torch.Tensor]:
        """Return the weights by name; row m belongs to `agents[m]` (numbered in the population), None means all."""
        stacked = self.flat
        if agents is not None and not np.array_equal(agents, self._own):
            rows = torch.from_numpy(agents - self.first).to(self.device)
            stacked = stacked.index_select(0, rows)  # unlike indexing, its derivative adds in a fixed order
        parts = torch.split(stacked, self._sizes, dim=1)
        return {
            name: part.unflatten(1, shape) for (name, shape), part in zip(self.kind.layout.items(), parts, strict=True)
        }

    def learn(self, spoken: Spoken, heard: GradientHeard, feedback: Feedback) -> None:
        """Add the speakers' gradient to the listeners', and update once all agents that took part."""
        gradients, speakers = heard.gradients, spoken.mail.speakers
        if len(speakers):
            if feedback.gradient is not None:
                loss = gumbel_loss(spoken.speech, feedback.gradient, self.channel)
            else:
                mail = spoken.mail
                value = self.game.followed(feedback.log_likelihood, mail.deal, mail.messages, mail.lengths)
                loss = reinforce_loss(spoken.speech, value, self.channel)
            [of_speakers] = torch.autograd.grad(loss, [self.flat], materialize_grads=True)
            gradients = of_speakers.add_(gradients)  # in place: it belongs to nobody else, and may be large
        self._update(np.union1d(speakers, heard.listeners) - self.first, gradients)

    @torch.no_grad()
    def replace(self, agents: NDArray[np.int64], step: int) -> None:
        """Replace `agents` by new ones that have learned nothing; draws are keyed by the step."""
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

    def _new_weights(self, stream: str, step: int) -> Float[torch.Tensor, "n P"]:
        """Return the weights `[n, P]` of new agents."""
        return self._stacked(
            [self.kind.initialise(group.rng.at(stream, step, group.number), group.n) for group in self.groups]
        )

    def _same_weights(self, stream: str, step: int) -> Float[torch.Tensor, "n P"]:
        """Return the weights `[n, P]` of new agents that have those of the first agent of their population."""
        first = ((self.kind.initialise(group.rng.at(stream, step, 0), 1), group.n) for group in self.groups)
        return self._stacked([{name: np.repeat(values, n, axis=0) for name, values in new.items()} for new, n in first])

    def _stacked(self, drawn: Sequence[Mapping[str, NDArray[np.float32]]]) -> Float[torch.Tensor, "n P"]:
        """Return the weights of groups as one matrix."""
        stacks = [np.concatenate([new[name] for new in drawn]).reshape(self.n, -1) for name in self.kind.layout]
        return torch.from_numpy(np.concatenate(stacks, axis=1)).to(self.device)

    def _update(self, rows: Int[np.ndarray, " r"], gradients: Float[torch.Tensor, "n P"]) -> None:
        """Update the agents of `rows` once, along their `gradients`."""
        self.optimiser.step(gradients, rows.tolist())

    def _say(self, step: int, agents: NDArray[np.int64], deal: Deal, noise: torch.Tensor) -> Speech:
        return self.kind.speak(self.weights(agents), self._features[deal.objects], noise=noise)

    def _hear(self, step: int, mail: Mail, portions: Sequence[Mail]) -> GradientHeard:
        gradients = torch.zeros_like(self.flat, requires_grad=False)
        feedback = [self._answer(portion, gradients) for portion in portions]
        return GradientHeard(mail.listeners, Feedback.join(feedback), gradients)

    def _answer(self, mail: Mail, gradients: Float[torch.Tensor, "n P"]) -> Feedback:
        """Let each exchange's listener answer, and add the gradient of its loss to `gradients`."""
        relaxed = None
        if self.channel.estimator == "gumbel":
            symbols = one_hot(mail.messages, self.channel.vocabulary)
            relaxed = (symbols * self.channel.alive(mail.messages).unsqueeze(-1)).requires_grad_()
        candidates = None if mail.deal.candidates is None else self._features[mail.deal.candidates]
        scores = self.kind.listen(self.weights(mail.listeners), mail.messages, candidates, relaxed=relaxed)
        log_likelihood = self.game.log_likelihood(scores, mail.deal.answers)
        gradient = None if relaxed is None else torch.zeros_like(relaxed)
        if len(mail.listeners):
            value = self.game.followed(log_likelihood, mail.deal, mail.messages, mail.lengths)
            loss, inputs = -value.mean(1).sum(), [self.flat] if relaxed is None else [self.flat, relaxed]
            of_weights, *of_messages = torch.autograd.grad(loss, inputs, materialize_grads=True)
            gradients += of_weights
            if of_messages:  # a symbol that noise replaced says nothing about the one sent
                gradient = of_messages[0] * mail.intact.unsqueeze(-1)
        success = self.game.success(self.game.answer(scores.detach()), mail.deal.answers)
        return Feedback(log_likelihood.detach(), success, gradient)
