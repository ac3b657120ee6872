"""Which kind of block holds a kind of agent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hubbub.simulator.agents import Agent
from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.population.associative_block import AssociativeBlock
from hubbub.simulator.population.block import AgentGroup, Block
from hubbub.simulator.population.gradient_block import GradientBlock
from hubbub.simulator.population.parts import PopulationParts


def block_of(groups: Sequence[AgentGroup], *, first: int, kind: Agent, parts: PopulationParts) -> Block[Any]:
    """Return a new block of agents of one kind; every kind that does not learn by association learns by gradients."""
    if isinstance(kind, Associative):
        return AssociativeBlock(groups, first=first, kind=kind, parts=parts)
    if parts.kernel == "fused":
        from hubbub.simulator.population.fused_block import FusedBlock  # imports numba

        return FusedBlock(groups, first=first, kind=kind, parts=parts)
    return GradientBlock(groups, first=first, kind=kind, parts=parts)
