"""Export for Gephi: the graph with dialects and hubs
==================================================

A run is written as GEXF, with the dialect, the degree and the success of each agent as attributes that Gephi can
colour and filter by.
"""

import networkx as nx

import hubbub

STEPS = 300  # small: 5

run = hubbub.run("karate", {"training.steps": STEPS, "training.learning_rate": 0.003}, out="runs/club")
files = hubbub.export(run, "gexf")
for file in files:
    print(f"{file.relative_to(run.path)}: {file.stat().st_size:,} bytes")

graph = nx.read_gexf(files[0])  # what Gephi will see
first = next(iter(graph.nodes))
print(f"{len(graph)} agents; agent {first!r} has")
for name, value in graph.nodes[first].items():
    print(f"  {name}: {value}")
