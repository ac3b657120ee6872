"""Agents that learn by gradients whose step is computed by compiled kernels, without autograd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray

from hubbub.simulator.agents import Agent, Speech
from hubbub.simulator.agents.gru import GRU
from hubbub.simulator.fused.gru import Places, Sizes, padded
from hubbub.simulator.fused.learning import learn
from hubbub.simulator.fused.listening import Scoring, listen
from hubbub.simulator.fused.reading import read
from hubbub.simulator.fused.speaking import Kept, Speaking, speak, what_is_kept
from hubbub.simulator.games import Deal
from hubbub.simulator.learning.speaking import advantages
from hubbub.simulator.population.block import AgentGroup, Spoken
from hubbub.simulator.population.gradient_block import GradientBlock, GradientHeard
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.parts import PopulationParts


@dataclass(frozen=True, kw_only=True)
class FusedSpeech(Speech):
    """What speakers said, with what they will learn from it."""

    kept: Float[np.ndarray, " K"]
    """States, gates and probabilities of all exchanges, as the kernels read them."""


class FusedBlock(GradientBlock):
    """A block of GRU agents on a CPU; see `hubbub.simulator.fused`.

    Gradients and what is kept of speech are large, so their memory is used again in the next step.
    """

    def __init__(self, groups: Sequence[AgentGroup], *, first: int, kind: Agent, parts: PopulationParts) -> None:
        super().__init__(groups, first=first, kind=kind, parts=parts)
        self.flat.requires_grad_(False)
        self._prepare()

    def _prepare(self) -> None:
        """Set up what the kernels are told in every step."""
        kind, channel, game = self.kind, self.channel, self.game
        assert isinstance(kind, GRU)
        ear = kind.ear
        at = dict(zip(kind.layout, accumulate(self._sizes, initial=0), strict=False))
        self._mouth = Places(**{name: at.get(name, 0) for name in Places._fields})
        self._ear = Places(**{name: at.get(ear.get(name, name), 0) for name in Places._fields})
        self._speaking = Speaking(
            relaxed=int(channel.estimator == "gumbel"),
            ends=int(channel.end_symbol),
            sharpness=np.float32(1 / channel.temperature),
            entropy_bonus=np.float32(channel.entropy_bonus),
            length_cost=np.float32(channel.length_cost),
        )
        named = 0 if game.n_candidates else sum(game.answer_sizes)
        self._scoring = Scoring(named, padded(named), game.answer_sizes[0] if named else 0)
        self._rates = np.full(self.n, self.optimiser.learning_rate)
        self._spare: dict[str, list[NDArray[np.float32]]] = {"kept": [], "gradients": []}

    def listen(self, step: int, mail: Mail) -> GradientHeard:
        """Return what this block's listeners understand of the `mail` addressed to them, and what they learn from it.

        An agent's mail is read in its order, so a gradient does not depend on the mail of others. Memory does not grow
        with the mail of one agent.
        """
        m, games, length = mail.messages.shape
        candidates = mail.deal.candidates
        listeners = mail.listeners - self.first
        order = np.argsort(listeners, kind="stable")
        rows, starts = np.unique(listeners[order], return_index=True)
        relaxed = self._speaking.relaxed
        likelihood, success = np.empty((m, games), np.float32), np.empty((m, games), np.bool_)
        of_messages = np.empty((m, games, length, self.channel.vocabulary) if relaxed else (0,) * 4, np.float32)
        gradients = self._taken("gradients", self.flat.numel())
        listen(
            self._shape(games),
            self._ear,
            self._scoring,
            relaxed,
            _flat(self.flat),
            order,
            rows,
            np.append(starts, m),
            _flat(self._features),
            _array(mail.messages),
            _array(self.channel.lengths(mail.messages)),
            _array(mail.intact),
            _array(mail.deal.answers if candidates is None else mail.deal.answers.unsqueeze(-1)),
            np.empty((0, 0, 0), np.int64) if candidates is None else _array(candidates),
            likelihood,
            success,
            of_messages.reshape(-1),
            gradients,
        )
        feedback = Feedback(
            torch.from_numpy(likelihood),
            torch.from_numpy(success),
            torch.from_numpy(of_messages) if relaxed else None,
        )
        return GradientHeard(mail.listeners, feedback, torch.from_numpy(gradients).view_as(self.flat))

    def learn(self, spoken: Spoken, heard: GradientHeard, feedback: Feedback) -> None:
        """Finish the gradients of all agents that took part, and update them."""
        speech = spoken.speech
        assert isinstance(speech, FusedSpeech)
        speakers = spoken.mail.speakers - self.first
        rows = np.union1d(speakers, heard.listeners - self.first)
        hearing = np.zeros(self.n, np.bool_)
        hearing[heard.listeners - self.first] = True
        pull = np.empty((0, 0), np.float32)
        if feedback.gradient is None and len(speakers):
            games = speech.lengths.shape[1]
            pull = _array(advantages(feedback.log_likelihood, speech.lengths, self.channel) / games)
        sizes, gradients = self._shape(speech.messages.shape[1]), heard.gradients.numpy().reshape(-1)
        optimiser = self.optimiser
        learn(
            sizes,
            self._mouth,
            self._speaking,
            what_is_kept(sizes, self._speaking),
            (*optimiser.betas, optimiser.epsilon),
            _flat(self.flat),
            rows,
            np.searchsorted(speakers, np.append(rows, self.n)),
            hearing[rows],
            _flat(self._features),
            _array(spoken.mail.deal.objects),
            speech.kept,
            _array(speech.messages),
            _array(speech.lengths),
            np.empty(0, np.float32) if feedback.gradient is None else _flat(feedback.gradient),
            pull,
            gradients,
            _flat(optimiser.first_moment),
            _flat(optimiser.second_moment),
            _array(optimiser.updates),
            self._rates,
        )
        self._spare["kept"].append(speech.kept)
        self._spare["gradients"].append(gradients)

    def understand(
        self, listeners: NDArray[np.int64], messages: Int[torch.Tensor, "U L"]
    ) -> Float[torch.Tensor, "M U H"]:
        """Return the states `[M, U, H]` of each of `listeners [M]` after all the sorted `messages [U, L]`."""
        sizes = self._shape(1)
        understood = np.empty((len(listeners), len(messages), sizes.hidden), np.float32)
        lengths = self.channel.lengths(messages)
        rows = listeners - self.first
        read(sizes, self._ear, _flat(self.flat), rows, _array(messages), _array(lengths), understood.reshape(-1))
        return torch.from_numpy(understood)

    def _say(self, step: int, agents: Int[np.ndarray, " M"], deal: Deal, noise: torch.Tensor) -> FusedSpeech:
        m, games = deal.objects.shape
        sizes = self._shape(games)
        kept_at: Kept = what_is_kept(sizes, self._speaking)
        kept = self._taken("kept", m * kept_at.size)
        messages, lengths = np.empty((m, games, sizes.length), np.int64), np.empty((m, games), np.int64)
        speak(
            sizes,
            self._mouth,
            self._speaking,
            kept_at,
            _flat(self.flat),
            agents - self.first,
            _flat(self._features),
            _array(deal.objects),
            _flat(noise),
            kept,
            messages,
            lengths,
        )
        return FusedSpeech(messages=torch.from_numpy(messages), lengths=torch.from_numpy(lengths), kept=kept)

    def _shape(self, games: int) -> Sizes:
        """Return what the kernels are told of the sizes."""
        kind, v = self.kind, self.channel.vocabulary
        assert isinstance(kind, GRU)
        return Sizes(
            features=self._features.shape[1],
            hidden=kind.hidden,
            width=padded(kind.hidden),
            vocabulary=v,
            breadth=padded(v),
            embedding=kind.embedding,
            span=padded(kind.embedding),
            length=self.channel.max_length,
            games=games,
            parameters=self.flat.shape[1],
        )

    def _taken(self, name: str, size: int) -> NDArray[np.float32]:
        """Return memory for so many numbers, that of an earlier step where there is enough; it holds anything."""
        spare = self._spare[name]
        while spare:
            memory = spare.pop()
            if len(memory) >= size:
                return memory
        return np.empty(size, np.float32)


def _array(tensor: torch.Tensor) -> NDArray[Any]:
    """Return the same numbers for a kernel."""
    return np.ascontiguousarray(tensor.numpy())


def _flat(tensor: torch.Tensor) -> NDArray[Any]:
    """Return the same numbers for a kernel, one after the other."""
    return _array(tensor).reshape(-1)
