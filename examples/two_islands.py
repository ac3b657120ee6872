"""A topology of your own: two islands
===================================

A topology of one's own: two islands of friends and one bridge.

python examples/two_islands.py
hubbub run ring-dialects modules=[examples/two_islands.py] topology.kind=two-islands topology.n_agents=16
"""

import networkx as nx

from hubbub.scenarios import run
from hubbub.simulator.topology import topology


@topology("two-islands")
def two_islands(n_agents: int, *, bridges: int = 1) -> nx.Graph:
    """Return two complete halves, of which the first `bridges` agents are linked one to one."""
    half = n_agents // 2
    graph = nx.disjoint_union(nx.complete_graph(half), nx.complete_graph(n_agents - half))
    graph.add_edges_from((agent, half + agent) for agent in range(bridges))
    nx.set_node_attributes(graph, {agent: "west" if agent < half else "east" for agent in graph}, "island")
    return graph


if __name__ == "__main__":
    made = run("ring-dialects", {"topology.kind": "two-islands", "topology.n_agents": 16, "training.steps": 200})
    steps, success = made.metric("success_over_links")
    print(
        f"understood over links: {success[0]:.2f} at first, {success[-1]:.2f} after {steps[-1]} steps; see {made.path}"
    )
