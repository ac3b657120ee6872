"""The names that a configuration may give as `rewiring.….rule.kind`."""

from __future__ import annotations

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.registry import Registry

rewiring = Registry(
    "rewiring",
    package="hubbub.simulator.topology.rewiring",
    supplied=("topology", "generator", "success", "step"),
    error=TopologyError,
)
"""Decorator and catalogue of rewiring rules.

A rule takes `topology` and returns a `Topology` of the same agents with other edges. It may ask for
`generator` (the run's addressed `numpy.random.Generator`), `step`, and `success`, a function of no arguments
that returns how often each speaker (row) is understood by each listener (column), `[N, N]`. Its other
parameters are its options.
"""
