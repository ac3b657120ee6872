"""Small populations side by side, each a system of its own with its own step, lexicon and checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import torch

from hubbub.simulator.engine.team import SingleProcess
from hubbub.simulator.games import Deal
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population.block import Block, Members
from hubbub.simulator.population.gradient_block import GradientBlock
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.play import play
from hubbub.simulator.population.population import Population


class Stack(GradientBlock):
    """The weights of P populations as rows of one block, so that their steps are computed at once.

    Each population has one block, of agents that learn by gradients, and all have the same kind of agent, channel and
    number of games. Luck, graph, size, referents and learning rate are their own. From here on their weights are views
    of the stack: what they do by themselves (newcomers, cross-play, checkpoints) they do as ever. Moments of the
    optimiser stay with them.
    """

    def __init__(self, populations: Sequence[Population]) -> None:
        blocks = [block for population in populations for block in population.blocks]
        assert len(blocks) == len(populations) and all(type(block) is GradientBlock for block in blocks)
        self._parts: list[GradientBlock] = blocks  # type: ignore[assignment]
        one = self._parts[0]
        members = [block.members[0] for block in self._parts]
        Block.__init__(self, members, first=0, kind=one.kind, game=one.game, channel=one.channel, device=one.device)
        self._sizes, self._speech = one._sizes, None
        self.flat = torch.cat([block.flat.detach() for block in self._parts]).requires_grad_()
        self.flat.grad = torch.zeros_like(self.flat)
        self._starts = np.array([0, *self._ends])
        for block, rows in zip(self._parts, pairwise(self._starts), strict=True):
            block.flat = block.optimiser.values = self.flat.detach()[slice(*rows)]
        features = [block._features for block in self._parts]
        self._features = torch.cat(features)
        self._objects = np.cumsum([0, *map(len, features)]).tolist()
        self._n_games = populations[0].training.games_per_step

    def play(self, step: int, exchanges: Sequence[Exchanges]) -> list[tuple[Mail, Feedback]]:
        """Let every population play its exchanges of a step and learn; return what each said and was told."""
        joined = Exchanges(
            np.concatenate([one.speakers + start for one, start in zip(exchanges, self._starts[:-1], strict=True)]),
            np.concatenate([one.listeners + start for one, start in zip(exchanges, self._starts[:-1], strict=True)]),
        )
        homes = np.zeros(self.n, np.int64)
        sent, told = play([self], step, joined, self._n_games, homes=homes, team=SingleProcess())
        ends = np.cumsum([0, *(len(one.speakers) for one in exchanges)]).tolist()
        turns = [slice(*rows) for rows in pairwise(ends)]
        mails = [
            replace(
                sent.portion(turn), speakers=one.speakers, listeners=one.listeners, deal=sent.deal[turn].shifted(-first)
            )
            for one, turn, first in zip(exchanges, turns, self._objects[:-1], strict=True)
        ]
        return [(mail, told.portion(turn)) for mail, turn in zip(mails, turns, strict=True)]

    def _deals(self, shares: Sequence[tuple[Members, tuple[int, ...]]], step: int) -> list[Deal]:
        return [
            deal.shifted(first)
            for block, share, first in zip(self._parts, shares, self._objects[:-1], strict=True)
            for deal in block._deals([share], step)
        ]

    def _update(self, rows: np.ndarray, gradients: torch.Tensor) -> None:
        cuts = np.searchsorted(rows, self._starts)
        for block, mine, (start, stop) in zip(self._parts, pairwise(cuts), pairwise(self._starts), strict=True):
            block._update(rows[slice(*mine)] - start, gradients[start:stop])
