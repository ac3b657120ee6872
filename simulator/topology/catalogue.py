"""The names that a configuration may give as `topology.kind`."""

from __future__ import annotations

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.registry import Registry

topology = Registry(
    "topology", package="hubbub.simulator.topology.generators", supplied=("generator",), error=TopologyError
)
"""Decorator and catalogue of topology functions.

A topology function returns a `Topology`, a networkx graph or an array of undirected pairs `[P, 2]`; its
parameters are its options (`n_agents` among them where the size is free), and a parameter `generator`
receives the run's addressed `numpy.random.Generator`.
"""
