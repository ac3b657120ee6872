"""Percolation: a giant component, computed and counted
====================================================

Random bipartite graphs with more and more links. The share of nodes in the largest component is counted in single
graphs, and computed for many nodes (Newman, Strogatz & Watts 2001).
"""

import matplotlib.pyplot as plt
import numpy as np

from hubbub.analysis.percolation import critical_probability, giant_component, giant_shares, random_bipartite_graph

LEFT, RIGHT = 400, 900

rng = np.random.default_rng(0)
critical = critical_probability(LEFT, RIGHT)
probabilities = np.linspace(0.2, 4, 20) * critical
expected = [giant_shares(LEFT, RIGHT, p)[0] for p in probabilities]
graphs = [random_bipartite_graph(LEFT, RIGHT, p, generator=rng) for p in probabilities]
counted = [giant_component(graph, LEFT, RIGHT)[0] for graph in graphs]
print(f"critical probability {critical:.5f}")
print(f"largest difference between one graph and many nodes: {np.abs(np.subtract(expected, counted)).max():.2f}")

figure, axes = plt.subplots(figsize=(6, 3.5), layout="constrained")
axes.plot(probabilities / critical, expected, label="computed")
axes.plot(probabilities / critical, counted, "o", label="counted")
axes.set(xlabel="link probability / critical", ylabel="left nodes in the giant component")
axes.legend()
figure.savefig("percolation.png")
