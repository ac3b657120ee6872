"""Known connected graphs with exactly as many links as an optimised one, and its degree-preserving rewiring."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs import degree_preserving

REWIRED = "its degrees, rewired"
ATTEMPTS = 50
"""How often a rewiring is drawn until it is connected; the last one is taken as it is."""


def rivals(n_agents: int, n_links: int, generator: np.random.Generator) -> dict[str, Int[np.ndarray, "M 2"]]:
    """Return connected graphs by name, each with `n_links` links, or N − 1 where that is more.

    A connected graph has at least N − 1 links. Each is the nearest member of its family, with links added at random,
    or taken away where that leaves the graph connected. A connected Erdős–Rényi graph is a uniform random tree with
    random links added. A random regular graph is there from a mean degree of 3 on: below, it is the ring.
    """
    near = max(round(n_links / n_agents), 1)
    tree = nx.from_prufer_sequence(generator.integers(n_agents, size=n_agents - 2).tolist())
    families = {
        "ring": nx.watts_strogatz_graph(n_agents, 2 * near, 0.0),
        "Watts–Strogatz": nx.connected_watts_strogatz_graph(n_agents, 2 * near, 0.2, tries=1000, seed=generator),
        "Erdős–Rényi": tree,
        "Barabási–Albert": nx.barabasi_albert_graph(n_agents, near, seed=generator),
        "binary tree": nx.full_rary_tree(2, n_agents),
    }
    if near > 1:
        families["regular"] = _connected(lambda: nx.random_regular_graph(2 * near, n_agents, seed=generator))
    n_links = max(n_links, n_agents - 1)
    return {name: with_links(graph, n_links, generator) for name, graph in families.items()}


def star(n_agents: int, n_links: int, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
    """Return a star with `n_links` links, at least N − 1: the best graph known for one choice each."""
    return with_links(nx.star_graph(n_agents - 1), max(n_links, n_agents - 1), generator)


def rewired(links: Int[np.ndarray, "M 2"], n_agents: int, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
    """Return a random graph with the same degrees, connected if one is found."""
    for _ in range(ATTEMPTS):
        found = degree_preserving(links, n_agents, generator=generator)
        if _is_connected(found, n_agents):
            break
    return found


def with_links(graph: nx.Graph, n_links: int, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
    """Return the links of a connected graph after links were added, or taken away, at random: exactly `n_links`.

    `n_links` is at least N − 1 and at most N (N − 1) / 2.
    """
    graph = nx.Graph(graph)
    while graph.number_of_edges() > n_links:
        bridges = {frozenset(link) for link in nx.bridges(graph)}
        free = [link for link in graph.edges if frozenset(link) not in bridges]
        graph.remove_edge(*free[generator.integers(len(free))])
    while graph.number_of_edges() < n_links:
        first, other = generator.choice(graph.number_of_nodes(), size=2, replace=False)
        graph.add_edge(int(first), int(other))
    return np.array(sorted(tuple(sorted(link)) for link in graph.edges))


def _connected(draw: Callable[[], nx.Graph]) -> nx.Graph:
    while not nx.is_connected(graph := draw()):
        pass
    return graph


def _is_connected(links: Int[np.ndarray, "M 2"], n_agents: int) -> bool:
    graph = nx.empty_graph(n_agents)
    graph.add_edges_from(links.tolist())
    return bool(nx.is_connected(graph))
