"""A topology of one's own: two islands of friends and one bridge.

Try it with `hubbub run ring-dialects topology.kind=examples/two_islands.py:two_islands topology.n_agents=16`.
"""

import networkx as nx

from simulator.topology import topology


@topology("two-islands")
def two_islands(n_agents: int, *, bridges: int = 1) -> nx.Graph:
    """Return two complete halves, of which the first `bridges` agents are linked one to one."""
    half = n_agents // 2
    graph = nx.disjoint_union(nx.complete_graph(half), nx.complete_graph(n_agents - half))
    graph.add_edges_from((agent, half + agent) for agent in range(bridges))
    nx.set_node_attributes(graph, {agent: "west" if agent < half else "east" for agent in graph}, "island")
    return graph
