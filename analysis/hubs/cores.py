"""k-cores: the largest subgraphs in which every agent has at least k links."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated


@validated()
def core_numbers(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, " N"]:
    """Return the core number of each agent: the largest k for which it is in a k-core (Seidman 1983). O(E)."""
    return core_numbers_of(Graph(edges, n_agents))


@validated()
def k_core(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return the degeneracy: the largest k for which the graph has a k-core; `n` counts the agents in it. O(E)."""
    return k_core_of(Graph(edges, n_agents))


def core_numbers_of(graph: Graph) -> Int[np.ndarray, " N"]:
    """Return `core_numbers` of a graph."""
    if graph.n_agents > COMPILED_ABOVE:
        from hubbub.analysis.hubs import loops

        return loops.core_numbers(*graph.rows)
    left, numbers, k = graph.degrees.copy(), np.zeros(graph.n_agents, dtype=np.int64), 0
    inside = np.ones(graph.n_agents, dtype=bool)
    while inside.any():
        k = max(k, int(left[inside].min()))
        gone = inside & (left <= k)
        numbers[gone] = k
        inside &= ~gone
        left -= graph.matrix[:, gone].sum(axis=1).astype(np.int64)
    return numbers


def k_core_of(graph: Graph) -> Measure:
    """Return `k_core` of a graph."""
    numbers = core_numbers_of(graph)
    largest = int(numbers.max(initial=0))
    return Measure(float(largest), "links", "degeneracy", int((numbers == largest).sum()))
