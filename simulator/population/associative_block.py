"""Agents that learn by association: their memories, and their part of a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
import torch
from jaxtyping import Int
from numpy.typing import NDArray

from hubbub.simulator.agents import Speech
from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.games import Deal
from hubbub.simulator.learning.associating import Evidence, evidence_of_games, latest, weigh
from hubbub.simulator.population.block import AgentGroup, Block, Heard, Spoken
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.parts import PopulationParts


@dataclass(frozen=True)
class AssociativeHeard(Heard):
    """What listeners understood, the evidence for and against their stored pairs, and the games with new pairs."""

    evidence: Evidence
    new: Int[torch.Tensor, "X columns"]


class AssociativeBlock(Block[AssociativeHeard]):
    """Agents as rows of one stack of memories: pairs `[n, K, F + L · V]` and their strengths `[n, K]`.

    In a step everybody speaks and listens with the memory from before it; then all the games of the step are learned at
    once. Their order does not matter, but of new pairs beyond `load` the latest are stored.
    """

    kind: Associative

    def __init__(self, groups: Sequence[AgentGroup], *, first: int, kind: Associative, parts: PopulationParts) -> None:
        super().__init__(groups, first=first, kind=kind, parts=parts)
        self.memory = {name: torch.zeros((self.n, *shape), device=self.device) for name, shape in kind.layout.items()}

    def weights(self, agents: NDArray[np.int64] | None = None) -> dict[str, torch.Tensor]:
        """Return the memories by name; row m belongs to `agents[m]` (numbered in the population), None means all."""
        if agents is None or np.array_equal(agents, self._own):
            return self.memory
        return {name: stack.index_select(0, self._rows(agents)) for name, stack in self.memory.items()}

    def learn(self, spoken: Spoken, heard: AssociativeHeard, feedback: Feedback) -> None:
        """Weigh the pairs that were used, forget a little, and store the new pairs."""
        speakers, deal = spoken.mail.speakers, spoken.mail.deal
        evidence, new = self._evidence(speakers, deal.objects, spoken.speech.messages, feedback.success, adopting=False)
        took_part = self._rows(np.union1d(speakers, heard.listeners))
        strengths = weigh(self.memory["strengths"], heard.evidence + evidence, plasticity=self.kind.plasticity)
        strengths[took_part] *= 1 - self.kind.forgetting
        self.memory["strengths"].copy_(strengths)
        self._store(torch.cat([heard.new, new]))

    def replace(self, agents: NDArray[np.int64], step: int) -> None:
        """Empty the memories of `agents`."""
        for stack in self.memory.values():
            stack[self._rows(agents)] = 0

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return pairs and strengths by name, `[n, …]` each, sharing memory with the block."""
        return {f"memory.{name}": stack for name, stack in self.memory.items()}

    def is_finite(self) -> bool:
        """Return whether all strengths are finite numbers."""
        return bool(torch.isfinite(self.memory["strengths"]).all())

    def _say(self, step: int, agents: NDArray[np.int64], deal: Deal, noise: torch.Tensor) -> Speech:
        flips = self._flips(self._generators("speaking-noise", step), agents, deal.objects.shape[1], self.kind.sizes[1])
        return self.kind.speak(self.weights(agents), self._features[deal.objects], noise=noise, flips=flips)

    def _hear(self, step: int, mail: Mail, portions: Sequence[Mail]) -> AssociativeHeard:
        generators = self._generators("listening-noise", step)
        feedback, evidence, new = zip(*(self._answer(portion, generators) for portion in portions), strict=True)
        return AssociativeHeard(mail.listeners, Feedback.join(list(feedback)), reduce(add, evidence), torch.cat(new))

    def _answer(
        self, mail: Mail, generators: Sequence[np.random.Generator]
    ) -> tuple[Feedback, Evidence, Int[torch.Tensor, "X columns"]]:
        """Let each exchange's listener answer; return the feedback, the evidence, and the games with new pairs."""
        candidates = None if mail.deal.candidates is None else self._features[mail.deal.candidates]
        flips = self._flips(generators, mail.listeners, mail.messages.shape[1], self.kind.sizes[0])
        scores = self.kind.listen(self.weights(mail.listeners), mail.messages, candidates, relaxed=None, flips=flips)
        success = self.game.success(self.game.answer(scores), mail.deal.answers)
        feedback = Feedback(self.game.log_likelihood(scores, mail.deal.answers), success, None)
        return feedback, *self._evidence(mail.listeners, _meant(mail.deal), mail.messages, success, adopting=True)

    def _generators(self, stream: str, step: int) -> list[np.random.Generator]:
        """Return the generator of each group at a step."""
        return [group.rng.at(stream, step, group.number) for group in self.groups]

    def _flips(
        self, generators: Sequence[np.random.Generator], agents: NDArray[np.int64], n_games: int, bits: int
    ) -> torch.Tensor | None:
        """Return which bits of the rows' free halves flip, `[relaxations − 1, M, G, bits]`; row after row is drawn."""
        if not self.kind.noise:
            return None
        between = self.kind.relaxations - 1
        drawn = [
            generator.random((m, n_games, between, bits), dtype=np.float32)
            for generator, (_, m) in zip(generators, self._shares(agents), strict=True)
        ]
        return (torch.from_numpy(np.concatenate(drawn)) < self.kind.noise).to(self.device).movedim(2, 0)

    def _evidence(
        self,
        agents: NDArray[np.int64],
        objects: torch.Tensor,
        messages: torch.Tensor,
        success: torch.Tensor,
        *,
        adopting: bool,
    ) -> tuple[Evidence, torch.Tensor]:
        """Return what games `[M, G]` of `agents [M]` say about the stored pairs, and the games whose pairs are new.

        The games are rows `[X, 2 + L]`: row of the stack, referent, symbols.
        """
        rows = self._rows(agents)
        halves = self.kind.referent_code(self._features[objects]), self.kind.message_code(messages)
        pairs = self.weights(agents)["pairs"]
        evidence, is_new = evidence_of_games(rows, pairs, halves, success, n=self.n, adopting=adopting)
        games = torch.cat([rows.view(-1, 1, 1).expand(*objects.shape, 1), objects.unsqueeze(-1), messages], dim=-1)
        return evidence, games[is_new]

    def _store(self, games: torch.Tensor) -> None:
        """Replace the weakest pairs by the pairs of `games [X, 2 + L]` (row of the stack, referent, symbols)."""
        found, ranks = latest(games, self.n)
        fits = ranks < self.kind.load
        found, ranks = found[fits], ranks[fits]
        rows, referents, messages = found[:, 0], found[:, 1], found[:, 2:]
        weakest = self.memory["strengths"].argsort(dim=-1, stable=True)
        at = rows, weakest[rows, ranks]
        self.memory["pairs"][at] = torch.cat(
            [self.kind.referent_code(self._features[referents]), self.kind.message_code(messages)], dim=-1
        )
        self.memory["strengths"][at] = self.kind.plasticity

    def _rows(self, agents: NDArray[np.int64]) -> torch.Tensor:
        return torch.from_numpy(agents - self.first).to(self.device)


def _meant(deal: Deal) -> torch.Tensor:
    """Return the referents that a listener is shown as the right ones, `[M, G]`."""
    if deal.candidates is None:
        return deal.objects
    return deal.candidates.gather(-1, deal.answers.unsqueeze(-1)).squeeze(-1)
