"""A graph is tried by the training that the scenario configures."""

from __future__ import annotations

from hubbub.simulator.population import PopulationParts
from hubbub.simulator.search.fitness.catalogue import fitness


@fitness("full")
def full(*, parts: PopulationParts) -> PopulationParts:
    """Try graphs with the agents, the channel and the training of the scenario itself."""
    return parts
