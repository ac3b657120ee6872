"""Which block a kind of agent lives in."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from hubbub.simulator.agents import Agent
from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.channel import Channel
from hubbub.simulator.games import Game
from hubbub.simulator.population.associative_block import AssociativeBlock
from hubbub.simulator.population.block import Block, Members
from hubbub.simulator.population.gradient_block import GradientBlock
from hubbub.simulator.population.settings import Training


def block_of(
    members: Sequence[Members],
    *,
    first: int,
    kind: Agent,
    game: Game,
    channel: Channel,
    training: Training,
    device: torch.device,
) -> Block:
    """Return a new block of agents of one kind; any kind that does not learn by association learns by gradients."""
    if isinstance(kind, Associative):
        return AssociativeBlock(members, first=first, kind=kind, game=game, channel=channel, device=device)
    return GradientBlock(
        members,
        first=first,
        kind=kind,
        game=game,
        channel=channel,
        learning_rate=training.learning_rate,
        device=device,
    )
