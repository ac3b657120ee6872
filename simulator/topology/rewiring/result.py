"""What a rewiring rule may return."""

from __future__ import annotations

from typing import Any

import networkx as nx

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.build import as_topology
from hubbub.simulator.topology.graph import Topology


def rewired(before: Topology, made: Any) -> Topology:
    """Return the agents of `before` with the links that a rule has made.

    Parameters
    ----------
    made
        A topology, a networkx graph or undirected pairs `[P, 2]`. The nodes of a networkx graph are the numbers of the
        agents or their names; an agent that is missing has no links.

    Raises
    ------
    TopologyError
        It is something else, or has other agents.
    """
    if isinstance(made, nx.Graph):
        made = _numbered(before, made)
    new = as_topology(made, n_agents=before.n_agents)
    if new.n_agents != before.n_agents:
        raise TopologyError(f"expected a graph of the same {before.n_agents} agents, got {new.n_agents}")
    return new if isinstance(made, Topology) else before.with_edges(new.sources, new.targets, weights=new.weights)


def _numbered(before: Topology, graph: nx.Graph) -> nx.Graph:
    """Return a graph with the nodes 0 … N − 1 in this order, and the edges of a graph of agents."""
    by_name = {name: number for number, name in enumerate(before.names)}
    number = {node: node if node in range(before.n_agents) else by_name.get(node) for node in graph}
    strange = [node for node, agent in number.items() if agent is None]
    if strange:
        raise TopologyError(
            f"expected nodes that are numbers of agents, 0 … {before.n_agents - 1}, or their names, got {strange[0]!r}"
        )
    ordered = graph.__class__()
    ordered.add_nodes_from(range(before.n_agents))
    ordered.add_edges_from((number[one], number[other], data) for one, other, data in graph.edges(data=True))
    return ordered
