"""The names that a configuration may give as `search.fitness.kind`."""

from __future__ import annotations

from hubbub.simulator.population import PopulationParts
from hubbub.simulator.registry import Registry

fitness = Registry(
    "fitness", package="hubbub.simulator.search.fitness", supplied=("parts", "n_agents"), contract=PopulationParts
)
"""Decorator and catalogue of functions (parts, n_agents) → `PopulationParts` of the societies that try a graph.

`parts` are those that the scenario configures: its agents, channel and training. The winner of a search is always
trained with these.
"""
