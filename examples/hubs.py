"""Hubs: is a graph more unequal than chance?
==========================================

Measures of hubs of three graphs, beside random graphs with as many links. No agent is trained: the measures take
edges.
"""

import numpy as np

from hubbub.analysis.figures import graph_gallery
from hubbub.analysis.hubs import hub_table
from hubbub.simulator.topology import topology

SAMPLES = 30  # small: 2
SHOWN = ("Gini coefficient of links", "degree assortativity", "clustering")

rng = np.random.default_rng(1)
graphs = {
    "scale-free": topology["barabasi-albert"](40, links_per_agent=2, generator=rng),
    "small world": topology["watts-strogatz"](40, neighbours=2, rewiring_probability=0.1, generator=rng),
    "karate club": topology["karate"](),
}
drawn = {}
for name, graph in graphs.items():
    edges = np.column_stack([graph.sources, graph.targets])  # i → j: j may hear i
    drawn[name] = edges, graph.n_agents
    print(name)
    for row in hub_table(edges, graph.n_agents, samples=SAMPLES):
        if row.name in SHOWN and row.null == "erdos-renyi":
            print(f"  {row.name}: {row.value:.2f}, random graphs {row.null_mean:.2f}, z = {row.z_score:.1f}")
graph_gallery(drawn).savefig("hubs.png")
