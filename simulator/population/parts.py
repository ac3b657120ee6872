"""What a population is made of besides its agents' number, graph and random streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch

from hubbub.simulator.agents import Agent
from hubbub.simulator.channel import Channel
from hubbub.simulator.games import Game
from hubbub.simulator.population.kernels import Kernel
from hubbub.simulator.population.settings import Training


@dataclass(frozen=True)
class PopulationParts:
    """What the agents of a population share, and those of many societies as well.

    Attributes
    ----------
    game
        The game that they play, with its referents.
    channel
        How messages travel.
    kind
        How an agent speaks and listens.
    training
        How long and how they learn.
    device
        Where their weights are.
    kernel
        What computes the steps of agents that learn by gradients.
    """

    game: Game
    channel: Channel
    kind: Agent
    training: Training
    device: torch.device
    kernel: Kernel


class OtherAgents(NamedTuple):
    """A second kind of agent in a population."""

    first: int
    """Number of the first agent of this kind; all agents from this number on are of this kind."""
    kind: Agent
