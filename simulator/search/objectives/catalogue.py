"""The names that a configuration may give as `search.objective.kind`."""

from __future__ import annotations

from hubbub.simulator.registry import Registry

objective = Registry(
    "objective", package="hubbub.simulator.search.objectives", supplied=("topologies", "rngs", "found")
)
"""Decorator and catalogue of objectives: functions (topologies, lucks) → values `[topology, luck]`, higher is better.

`found(topologies, lucks)` builds `Societies`, one for each pair of arguments; an objective that needs no training does
not ask for it.
"""
