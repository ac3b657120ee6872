"""A topology of your own: two islands
===================================

Two islands of friends with one bridge between them. Each island comes to speak a dialect of its own.

The same topology from the command line::

    hubbub run ring-dialects modules=[examples/two_islands.py] topology.kind=two-islands topology.n_agents=16
"""

import networkx as nx

from hubbub.analysis.dialects import cluster, similarity
from hubbub.analysis.figures import Grouping, graph_map, layout
from hubbub.scenarios import run
from hubbub.simulator.topology import topology

STEPS = 500  # small: 5


@topology("two-islands")
def two_islands(n_agents: int, *, bridges: int = 1) -> nx.Graph:
    """Return two complete halves, of which the first `bridges` agents are linked one to one."""
    half = n_agents // 2
    graph = nx.disjoint_union(nx.complete_graph(half), nx.complete_graph(n_agents - half))
    graph.add_edges_from((agent, half + agent) for agent in range(bridges))
    nx.set_node_attributes(graph, {agent: "west" if agent < half else "east" for agent in graph}, "island")
    return graph


if __name__ == "__main__":
    settings = {"topology.kind": "two-islands", "topology.n_agents": 16, "training.learning_rate": 0.003}
    made = run("ring-dialects", {**settings, "training.steps": STEPS})
    steps, success = made.metric("success_over_links")
    print(f"understood over links: {success[0]:.2f} at first, {success[-1]:.2f} after {steps[-1]} steps")

    lexicon = made.lexicon().splits["train"]
    dialects = cluster(similarity(lexicon.messages, lengths=lexicon.lengths).matrix)
    names = [f"dialect {number + 1}" for number in range(dialects.n_clusters)]
    figure = graph_map(made.edges(), layout(made.edges(), 16), [Grouping("Dialects", dialects.labels, names)])
    figure.savefig("two_islands.png")
