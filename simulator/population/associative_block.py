"""Agents that learn by association: their memories, and their part of a step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from hubbub.simulator.agents import Speech
from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.channel import Channel
from hubbub.simulator.games import Deal, Game
from hubbub.simulator.learning.associating import Evidence, latest, weigh
from hubbub.simulator.population.block import Block, Members
from hubbub.simulator.population.mail import Feedback, Mail


class AssociativeBlock(Block):
    """Agents as rows of one stack of memories: pairs `[n, K, F + L · V]` and their strengths `[n, K]`.

    In a step everybody speaks and listens with the memory from before it; then all the games of the step are learnt at
    once, in no order, but that of new pairs beyond `load` the latest are kept.
    """

    kind: Associative

    def __init__(
        self,
        members: Sequence[Members],
        *,
        first: int,
        kind: Associative,
        game: Game,
        channel: Channel,
        device: torch.device,
    ) -> None:
        super().__init__(members, first=first, kind=kind, game=game, channel=channel, device=device)
        self.memory = {name: torch.zeros((self.n, *shape), device=device) for name, shape in kind.layout.items()}
        self._evidence = Evidence.none(self.memory["strengths"])
        self._new: list[torch.Tensor] = []
        self._ear: list[np.random.Generator] = []

    def weights(self, agents: np.ndarray | None = None) -> dict[str, torch.Tensor]:
        """Return the memories by name; row m belongs to `agents[m]` (numbered in the population), None means all."""
        if agents is None or np.array_equal(agents, self._own):
            return self.memory
        return {name: stack.index_select(0, self._rows(agents)) for name, stack in self.memory.items()}

    def learn(self, feedback: Feedback) -> None:
        """Finish the step: weigh the pairs that were used, forget a little, store what is new."""
        self._note(self._speakers, self._dealt, self._said, feedback.success, adopting=False)
        took_part = self._rows(np.union1d(self._speakers, self._listeners))
        strengths = weigh(self.memory["strengths"], self._evidence, plasticity=self.kind.plasticity)
        strengths[took_part] *= 1 - self.kind.forgetting
        self.memory["strengths"].copy_(strengths)
        self._store(torch.cat(self._new))
        self._evidence, self._new = Evidence.none(strengths), []

    def replace(self, agents: np.ndarray, step: int) -> None:
        """Empty the memories of `agents`."""
        for stack in self.memory.values():
            stack[self._rows(agents)] = 0

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return pairs and strengths by name, `[n, …]` each, sharing memory with the block."""
        return {f"memory.{name}": stack for name, stack in self.memory.items()}

    def is_finite(self) -> bool:
        """Return whether all strengths are finite numbers."""
        return bool(torch.isfinite(self.memory["strengths"]).all())

    def _utter(self, step: int, deal: Deal, noise: torch.Tensor) -> Speech:
        mouth = [part.rng.at("speaking-noise", step, part.number) for part in self.members]
        self._ear = [part.rng.at("listening-noise", step, part.number) for part in self.members]
        flips = self._flips(mouth, self._speakers, deal.objects.shape[1], self.kind.sizes[1])
        speech = self.kind.speak(self.weights(self._speakers), self._features[deal.objects], noise=noise, flips=flips)
        self._dealt, self._said = deal.objects, speech.messages
        return speech

    def _hear(self, mail: Mail) -> Feedback:
        candidates = None if mail.deal.candidates is None else self._features[mail.deal.candidates]
        flips = self._flips(self._ear, mail.listeners, mail.messages.shape[1], self.kind.sizes[0])
        scores = self.kind.listen(self.weights(mail.listeners), mail.messages, candidates, relaxed=None, flips=flips)
        success = self.game.success(self.game.answer(scores), mail.deal.answers)
        self._note(mail.listeners, _meant(mail.deal), mail.messages, success, adopting=True)
        return Feedback(self.game.log_likelihood(scores, mail.deal.answers), success, None)

    def _flips(
        self, generators: list[np.random.Generator], agents: np.ndarray, n_games: int, bits: int
    ) -> torch.Tensor | None:
        """Return which bits of the rows' free halves flip, `[relaxations − 1, M, G, bits]`; row after row is drawn."""
        if not self.kind.noise:
            return None
        turns = self.kind.relaxations - 1
        drawn = [
            generator.random((m, n_games, turns, bits), dtype=np.float32)
            for generator, (_, m) in zip(generators, self._shares(agents), strict=True)
        ]
        return (torch.from_numpy(np.concatenate(drawn)) < self.kind.noise).to(self.device).movedim(2, 0)

    def _note(
        self,
        agents: np.ndarray,
        objects: torch.Tensor,
        messages: torch.Tensor,
        success: torch.Tensor,
        *,
        adopting: bool,
    ) -> None:
        """Take down games `[M, G]` of `agents [M]`: what they say about the pairs kept, and which pairs are new."""
        rows = self._rows(agents)
        halves = self.kind.referent_code(self._features[objects]), self.kind.message_code(messages)
        pairs = self.weights(agents)["pairs"]
        is_new = self._evidence.add(rows, pairs, halves, success, adopting=adopting)
        games = torch.cat([rows.view(-1, 1, 1).expand(*objects.shape, 1), objects.unsqueeze(-1), messages], dim=-1)
        self._new.append(games[is_new])

    def _store(self, games: torch.Tensor) -> None:
        """Put the pairs of `games [X, 2 + L]` (row, referent, symbols) in the places of the weakest."""
        found, ranks = latest(games, self.n)
        fits = ranks < self.kind.load
        found, ranks = found[fits], ranks[fits]
        rows, referents, messages = found[:, 0], found[:, 1], found[:, 2:]
        weakest = self.memory["strengths"].argsort(dim=-1, stable=True)
        places = rows, weakest[rows, ranks]
        self.memory["pairs"][places] = torch.cat(
            [self.kind.referent_code(self._features[referents]), self.kind.message_code(messages)], dim=-1
        )
        self.memory["strengths"][places] = self.kind.plasticity

    def _rows(self, agents: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(agents - self.first).to(self.device)


def _meant(deal: Deal) -> torch.Tensor:
    """Return the referents that a listener is shown to have been meant, `[M, G]`."""
    if deal.candidates is None:
        return deal.objects
    return deal.candidates.gather(-1, deal.answers.unsqueeze(-1)).squeeze(-1)
