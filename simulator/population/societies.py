"""Many small populations side by side: one more axis of the same stack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from hubbub.simulator.agents import Agent
from hubbub.simulator.channel import Channel
from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.games import Game
from hubbub.simulator.pairing import Exchanges, pairing
from hubbub.simulator.pairing.exchanges import with_self_talk
from hubbub.simulator.population.block import Block, Members
from hubbub.simulator.population.blocks import block_of
from hubbub.simulator.population.play import play
from hubbub.simulator.population.settings import Training
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology


class Societies:
    """S societies of N agents each, who never meet: what one does is what it would do alone with its topology and luck.

    They share blocks, so that small societies cost no more an agent than one large population. `block_agents` is the
    size that blocks aim at: as many whole societies as fit, at least one. `team` says which blocks live here.
    """

    def __init__(
        self,
        topologies: Sequence[Topology],
        rngs: Sequence[RandomStreams],
        *,
        game: Game,
        channel: Channel,
        kind: Agent,
        training: Training,
        block_agents: int,
        device: torch.device,
        team: Team | None = None,
    ) -> None:
        self.game, self.kind, self.training = game, kind, training
        self._length = channel.max_length
        self.n_agents = topologies[0].n_agents
        self.now = 0
        self.team = team or SingleProcess()
        together = max(block_agents // self.n_agents, 1)
        cuts = np.array_split(np.arange(len(rngs)), range(together, len(rngs), together))
        living = self.team.place(np.zeros((len(cuts), len(cuts))))
        self._numbers: list[int] = np.flatnonzero(living == self.team.rank).tolist()
        here = [society for number in self._numbers for society in cuts[number].tolist()]
        self.rng = rngs[0]
        self.topologies, self.rngs = [topologies[society] for society in here], [rngs[society] for society in here]
        self.blocks: list[Block] = []
        first = 0
        for number in self._numbers:
            block = block_of(
                [Members(rngs[society], 0, self.n_agents) for society in cuts[number].tolist()],
                first=first,
                kind=kind,
                game=game,
                channel=channel,
                training=training,
                device=device,
            )
            self.blocks.append(block)
            first += block.n

    def step(self, n: int) -> None:
        """Play `n` steps in every society that lives here."""
        homes = np.full(len(self.rngs) * self.n_agents, self.team.rank)
        for _ in range(n if self.blocks else 0):
            drawn = [self._exchanges(topology, rng) for topology, rng in zip(self.topologies, self.rngs, strict=True)]
            offsets = np.repeat(np.arange(len(drawn)) * self.n_agents, [len(one.speakers) for one in drawn])
            exchanges = Exchanges(
                np.concatenate([one.speakers for one in drawn]) + offsets,
                np.concatenate([one.listeners for one in drawn]) + offsets,
            )
            play(self.blocks, self.now, exchanges, self.training.games_per_step, homes=homes, team=self.team)
            self.now += 1

    def success(self, referents: np.ndarray, *, split: str = "train") -> np.ndarray:
        """Return C `[S, speaker, listener]`: shares of `referents [R]` of a split that are understood, greedily.

        Candidates are drawn once, by the first society's luck, the same for all. O(S N² R) messages are read.
        """
        deal = self.game.deal(referents, split=split, generator=self.rng.at(f"cross-play-{split}"))
        n, r = self.n_agents, len(referents)
        understood = {}
        for number, block in zip(self._numbers, self.blocks, strict=True):
            objects = torch.from_numpy(referents).to(block.device).expand(block.n, -1)
            said = block.say(objects).view(-1, 1, n * r, self._length)
            heard = said.expand(-1, n, -1, -1).reshape(block.n, n * r, self._length)
            seen = None
            if deal.candidates is not None:
                seen = deal.candidates.to(block.device).repeat(n, 1).expand(block.n, -1, -1)
            answers = block.answer(heard, seen).unflatten(1, (n, r))
            understood[number] = self.game.success(answers, deal.answers.to(block.device)).double().mean(-1)
        return torch.cat(self.team.share(understood)).cpu().view(-1, n, n).transpose(1, 2).numpy()

    def _exchanges(self, topology: Topology, rng: RandomStreams) -> Exchanges:
        drawn = pairing.call(self.training.pairing, {}, topology=topology, generator=rng.at("pairing", self.now))
        return with_self_talk(drawn, self.kind.self_talk, rng.at("self-talk", self.now))
