"""Small worlds: clustering as on a lattice, path length as on a random graph (Watts & Strogatz 1998)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.hubs.graph_nulls import erdos_renyi, swapped_links
from hubbub.analysis.hubs.paths import path_length_of
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import AT_LEAST_1, validated


@validated()
def clustering(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return the mean local clustering: over agents, the share of their pairs of neighbours that are linked.

    An agent with fewer than two neighbours counts as 0 (Watts & Strogatz 1998). Undefined without agents.
    O(E^1.5) time, O(N + E) memory.
    """
    return clustering_of(Graph(edges, n_agents))


def clustering_of(graph: Graph) -> Measure:
    """Return `clustering` of a graph."""
    estimator, n_agents, degree = "mean local clustering", graph.n_agents, graph.degrees
    if not n_agents:
        return undefined("0 agents, at least 1 needed", unit="1", estimator=estimator)
    closed, pairs = 2 * _triangles(graph), degree * (degree - 1)
    local = np.divide(closed, pairs, out=np.zeros(n_agents), where=pairs > 0)
    return Measure(float(local.mean()), "1", estimator, n_agents)


@validated(samples=AT_LEAST_1)
def small_world_sigma(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, generator: np.random.Generator, samples: int = 100
) -> Measure:
    """Return σ = (C / C_random) / (L / L_random), above 1 for a small world (Humphries & Gurney 2008).

    C is the clustering and L the path length; C_random and L_random are means over those of `samples` Erdős–Rényi
    graphs with the same number of links that are connected, drawn by `generator`. Undefined on a graph that is not
    connected, where L is infinite. O(samples · N E).
    """
    return sigma_of(Graph(edges, n_agents), generator=generator, samples=samples)


def sigma_of(graph: Graph, *, generator: np.random.Generator, samples: int) -> Measure:
    """Return `small_world_sigma` of a graph."""
    estimator, n_agents, n_links = "small-world σ", graph.n_agents, len(graph.links)
    here = path_length_of(graph)
    if not np.isfinite(here.value):
        return undefined(here.reason, unit="1", estimator=estimator, n=n_agents)
    nulls = (erdos_renyi(n_agents, n_links, generator=generator) for _ in range(samples))
    random_clustering, random_length, connected = _means(nulls, n_agents)
    if not connected or not random_clustering > 0:
        lack = "has a triangle" if connected else "is connected"
        reason = f"none of {samples} random graphs with {n_links} links {lack}"
        return undefined(reason, unit="1", estimator=estimator, n=n_agents)
    value = clustering_of(graph).value / random_clustering / (here.value / random_length)
    return Measure(value, "1", estimator, n_agents, reason=_left_out(connected, samples))


@validated(samples=AT_LEAST_1)
def small_world_omega(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, generator: np.random.Generator, samples: int = 100
) -> Measure:
    """Return ω = L_random / L − C / C_lattice: near 0 for a small world, −1 for a lattice, 1 for a random graph.

    Telesford et al. (2011): L_random is the mean over those of `samples` degree-preserving random graphs, drawn by
    `generator`, that are connected. The lattice is here the ring lattice with the same number of links. Undefined on a
    graph that is not connected, or where that lattice has no triangle. O(samples · N E).
    """
    return omega_of(Graph(edges, n_agents), generator=generator, samples=samples)


def omega_of(graph: Graph, *, generator: np.random.Generator, samples: int) -> Measure:
    """Return `small_world_omega` of a graph."""
    estimator, n_agents, links = "small-world ω", graph.n_agents, graph.links
    here = path_length_of(graph)
    if not np.isfinite(here.value):
        return undefined(here.reason, unit="1", estimator=estimator, n=n_agents)
    nulls = (swapped_links(links, n_agents, generator=generator) for _ in range(samples))
    _, random_length, connected = _means(nulls, n_agents)
    lattice = clustering(ring_lattice(n_agents, len(links)), n_agents).value
    reason = ""
    if not connected:
        reason = f"none of {samples} degree-preserving random graphs is connected"
    elif not lattice > 0:
        reason = f"a ring lattice with {len(links)} links has no triangle"
    if reason:
        return undefined(reason, unit="1", estimator=estimator, n=n_agents)
    value = random_length / here.value - clustering_of(graph).value / lattice
    return Measure(value, "1", estimator, n_agents, reason=_left_out(connected, samples))


@validated()
def ring_lattice(n_agents: int, n_links: int) -> Int[np.ndarray, "M 2"]:
    """Return `n_links` links on a ring: all nearest neighbours first, then the second nearest, and so on. O(M)."""
    reach = np.arange(1, min(n_agents // 2, -(-n_links // max(n_agents, 1))) + 1)
    start = np.arange(n_agents)
    links = np.stack([np.tile(start, len(reach)), (start + reach[:, None]).ravel() % n_agents], axis=1)
    if n_agents % 2 == 0:
        links = links[: n_agents * (n_agents - 1) // 2]  # each pair of opposite agents occurs twice
    return links[:n_links]


def _triangles(graph: Graph) -> Int[np.ndarray, " N"]:
    """Return the number of triangles that each agent is in."""
    if graph.n_agents > COMPILED_ABOVE:
        from hubbub.analysis.hubs.loops import count_triangles

        return count_triangles(*graph.rows)
    return ((graph.matrix @ graph.matrix) * graph.matrix).sum(axis=1).astype(np.int64) // 2


def _means(drawn: Iterable[Int[np.ndarray, "M 2"]], n_agents: int) -> tuple[float, float, int]:
    """Return mean clustering and mean path length over the connected graphs, and the number of these."""
    graphs = [graph for links in drawn if not (graph := Graph(links, n_agents)).n_apart]
    if not graphs:
        return np.nan, np.nan, 0
    lengths, clusterings = ([float(of(graph)) for graph in graphs] for of in (path_length_of, clustering_of))
    return float(np.mean(clusterings)), float(np.mean(lengths)), len(graphs)


def _left_out(connected: int, samples: int) -> str:
    return "" if connected == samples else f"{samples - connected} of {samples} random graphs left out: not connected"
