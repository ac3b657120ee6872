"""The names that a configuration may give as `search.objective.kind`."""

from __future__ import annotations

from hubbub.simulator.registry import Registry

objective = Registry(
    "objective", package="hubbub.simulator.search.objectives", supplied=("topologies", "rngs", "make_societies")
)
"""Decorator and catalogue of objectives: functions (topologies, rngs) → values `[topology, rng]`, higher is better.

`rngs` are `RandomStreams`. `make_societies(topologies, rngs)` returns `Societies`, one for each pair of a topology and
an rng; an objective that needs no training does not ask for it.
"""
