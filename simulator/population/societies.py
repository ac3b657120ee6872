"""Many small populations side by side: one more axis of the same stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int

from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.pairing import Exchanges, pairing
from hubbub.simulator.pairing.exchanges import with_self_talk
from hubbub.simulator.population.block import AgentGroup, Block
from hubbub.simulator.population.blocks import block_of
from hubbub.simulator.population.parts import PopulationParts
from hubbub.simulator.population.play import play
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology


class Societies:
    """S independent societies of N agents each.

    Each has its own topology and random streams, and gives the results that it would give alone. They share blocks, so
    that small societies cost no more per agent than one large population.

    Parameters
    ----------
    topologies, rngs
        Topology and random streams of each society.
    parts
        What all their agents share.
    block_agents
        Agents that a block should hold: as many whole societies as fit, at least one.
    team
        Says which blocks are in this process.
    """

    def __init__(
        self,
        topologies: Sequence[Topology],
        rngs: Sequence[RandomStreams],
        *,
        parts: PopulationParts,
        block_agents: int,
        team: Team | None = None,
    ) -> None:
        self.game, self.kind, self.training = parts.game, parts.kind, parts.training
        self._max_length = parts.channel.max_length
        self.n_agents = topologies[0].n_agents
        self.now = 0
        self.team = team or SingleProcess()
        per_block = max(block_agents // self.n_agents, 1)
        of_blocks = np.array_split(np.arange(len(rngs)), range(per_block, len(rngs), per_block))
        block_ranks = self.team.place(np.zeros((len(of_blocks), len(of_blocks))))
        self._numbers: list[int] = np.flatnonzero(block_ranks == self.team.rank).tolist()
        here = [society for number in self._numbers for society in of_blocks[number].tolist()]
        self.rng = rngs[0]
        self.topologies, self.rngs = [topologies[society] for society in here], [rngs[society] for society in here]
        self.blocks: list[Block[Any]] = []
        first = 0
        for number in self._numbers:
            groups = [AgentGroup(rngs[society], 0, self.n_agents) for society in of_blocks[number].tolist()]
            block = block_of(groups, first=first, kind=parts.kind, parts=parts)
            self.blocks.append(block)
            first += block.n

    def step(self, n: int) -> None:
        """Play `n` steps in every society of this process."""
        ranks = np.full(len(self.rngs) * self.n_agents, self.team.rank)
        for _ in range(n if self.blocks else 0):
            drawn = [self._exchanges(topology, rng) for topology, rng in zip(self.topologies, self.rngs, strict=True)]
            offsets = np.repeat(np.arange(len(drawn)) * self.n_agents, [len(one.speakers) for one in drawn])
            exchanges = Exchanges(
                np.concatenate([one.speakers for one in drawn]) + offsets,
                np.concatenate([one.listeners for one in drawn]) + offsets,
            )
            play(self.blocks, self.now, exchanges, self.training.games_per_step, ranks=ranks, team=self.team)
            self.now += 1

    def success(self, referents: Int[np.ndarray, " R"], *, split: str = "train") -> Float[np.ndarray, "S N N"]:
        """Return C `[S, speaker, listener]`: shares of `referents [R]` of a split that are understood, greedily.

        Candidates are drawn once, from the first society's random streams, the same for all. O(S N² R) messages are
        read.
        """
        deal = self.game.deal(referents, split=split, generator=self.rng.at(f"cross-play-{split}"))
        n, r = self.n_agents, len(referents)
        understood = {}
        for number, block in zip(self._numbers, self.blocks, strict=True):
            objects = torch.from_numpy(referents).to(block.device).expand(block.n, -1)
            said = block.say(objects).view(-1, 1, n * r, self._max_length)
            received = said.expand(-1, n, -1, -1).reshape(block.n, n * r, self._max_length)
            candidates = None
            if deal.candidates is not None:
                candidates = deal.candidates.to(block.device).repeat(n, 1).expand(block.n, -1, -1)
            answers = block.answer(received, candidates).unflatten(1, (n, r))
            understood[number] = self.game.success(answers, deal.answers.to(block.device)).double().mean(-1)
        return torch.cat(self.team.share(understood)).cpu().view(-1, n, n).transpose(1, 2).numpy()

    def _exchanges(self, topology: Topology, rng: RandomStreams) -> Exchanges:
        drawn = pairing.call(self.training.pairing, {}, topology=topology, generator=rng.at("pairing", self.now))
        return with_self_talk(drawn, self.kind.self_talk, rng.at("self-talk", self.now))
