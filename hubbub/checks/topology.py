"""What is demanded of a topology."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np

from hubbub.checks.demands import Demands, check_name
from hubbub.simulator.configuration import section_of
from hubbub.simulator.topology import Topology, topology
from hubbub.simulator.topology.build import as_topology


def check_topology(name: str, **options: Any) -> list[str]:
    """Check the topology that is registered as `name`, with these options; return the demands.

    Raises
    ------
    ConfigurationError
        No topology has this name, or an option is not right.
    ContractError
        The first demand that is not met.
    """
    check_name("topology", name)
    demand = Demands(f"topology {name!r}")
    section = section_of(topology, name, options)

    def make(seed: int) -> Any:
        return demand.result("it can be made", section.build, generator=np.random.default_rng(seed))

    made = make(0)
    is_graph = isinstance(made, Topology | nx.Graph | np.ndarray | list | tuple)
    demand("the topology function returns a Topology, a networkx graph or pairs", is_graph, type(made).__name__)
    n_agents = section.options().get("n_agents")
    graph = as_topology(made, n_agents=n_agents)
    demand("it has at least one link", graph.n_edges > 0, f"{graph.n_agents} agents and no link")
    if n_agents is not None:
        demand("it has `n_agents` agents", graph.n_agents == n_agents, graph.n_agents)
    demand("the same generator gives the same graph", _same(graph, as_topology(make(0), n_agents=n_agents)))
    demand(
        "any generator gives a graph of as many agents",
        as_topology(make(1), n_agents=n_agents).n_agents == graph.n_agents,
    )
    demand("networkx keeps it as it is", _same(graph, Topology.from_networkx(graph.to_networkx())))
    return demand.met


def _same(one: Topology, other: Topology) -> bool:
    """Whether two topologies have the same agents, links, weights and positions."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in ("sources", "targets", "weights", "positions")]
    return one.names == other.names and all(
        left is right or (left is not None and right is not None and np.array_equal(left, right))
        for left, right in pairs
    )
