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

A rule takes `topology` and returns the same agents with other edges: a `Topology`, a networkx graph whose nodes are the
numbers or names of the agents, or an array of undirected pairs `[P, 2]`. It may ask for `generator` (a
`numpy.random.Generator` for this step), `step`, and `success`, a function without arguments that returns how often each
speaker (row) is understood by each listener (column), `[N, N]`. Its other parameters are its options.
"""
