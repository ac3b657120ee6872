"""Small populations whose steps are computed at once; each remains a system with its own lexicons and checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import torch

from hubbub.simulator.engine.team import SingleProcess
from hubbub.simulator.games import Deal
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.population.block import AgentGroup, Block
from hubbub.simulator.population.gradient_block import GradientBlock
from hubbub.simulator.population.play import Played, play
from hubbub.simulator.population.population import Population


class Stack(GradientBlock):
    """The weights of P populations as rows of one block, so that their steps are computed at once.

    Each population has one block, of agents that learn by gradients, and all have the same kind of agent, channel,
    number of games and kernel. Random streams, graph, size, referents and learning rate are their own. From here on
    their weights are views of the stack, so all that a population does alone (replacements, cross-play, checkpoints)
    works as before. The moments of the optimiser stay with the populations.
    """

    def __init__(self, populations: Sequence[Population]) -> None:
        self._parts = [block for one in populations for block in one.blocks if isinstance(block, GradientBlock)]
        assert [len(one.blocks) for one in populations] == [1] * len(self._parts)
        groups = [block.groups[0] for block in self._parts]
        Block.__init__(self, groups, first=0, kind=self._parts[0].kind, parts=populations[0].parts)
        self._sizes = self._parts[0]._sizes
        self._starts = np.array([0, *self._ends])
        self.flat = torch.cat([block.flat.detach() for block in self._parts])
        for block, values in zip(self._parts, self._rows_of(self.flat), strict=True):
            block.flat = block.optimiser.values = values
        self.flat.requires_grad_(populations[0].parts.kernel == "autograd")
        features = [block._features for block in self._parts]
        self._features = torch.cat(features)
        self._first_objects = np.cumsum([0, *map(len, features)])[:-1].tolist()
        self._n_games = populations[0].parts.training.games_per_step

    def play(self, step: int, exchanges: Sequence[Exchanges]) -> list[Played]:
        """Let every population play its exchanges of a step and learn; return the games of each."""
        joined = Exchanges(
            np.concatenate([one.speakers + start for one, start in zip(exchanges, self._starts[:-1], strict=True)]),
            np.concatenate([one.listeners + start for one, start in zip(exchanges, self._starts[:-1], strict=True)]),
        )
        mail, feedback = play(
            [self], step, joined, self._n_games, ranks=np.zeros(self.n, np.int64), team=SingleProcess()
        )
        ends = np.cumsum([0, *(len(one.speakers) for one in exchanges)]).tolist()
        played = []
        for one, rows, first in zip(exchanges, pairwise(ends), self._first_objects, strict=True):
            own, deal = mail.portion(slice(*rows)), mail.deal[slice(*rows)].shifted(-first)
            own = replace(own, speakers=one.speakers, listeners=one.listeners, deal=deal)
            played.append(Played(own, feedback.portion(slice(*rows))))
        return played

    def _rows_of(self, stacked: torch.Tensor) -> list[torch.Tensor]:
        """Return the rows of each population, as views."""
        return [stacked.detach()[slice(*rows)] for rows in pairwise(self._starts)]

    def _deals(self, shares: Sequence[tuple[AgentGroup, tuple[int, ...]]], step: int) -> list[Deal]:
        return [
            deal.shifted(first)
            for block, share, first in zip(self._parts, shares, self._first_objects, strict=True)
            for deal in block._deals([share], step)
        ]

    def _update(self, rows: np.ndarray, gradients: torch.Tensor) -> None:
        cuts = np.searchsorted(rows, self._starts)
        for block, own, (start, stop) in zip(self._parts, pairwise(cuts), pairwise(self._starts), strict=True):
            block._update(rows[slice(*own)] - start, gradients[start:stop])


def stack_of(populations: Sequence[Population]) -> Stack:
    """Return the stack of populations of one kernel."""
    if populations[0].parts.kernel == "fused":
        from hubbub.simulator.population.fused_stack import FusedStack  # imports numba

        return FusedStack(populations)
    return Stack(populations)
