"""How understanding and similarity fall with distance on the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.arrays import edge_list, square


@dataclass(frozen=True)
class ByDistance:
    """A quantity of ordered pairs of agents, by their hop distance (D distances, arrays `[D]`).

    Attributes
    ----------
    distance
        Hops from speaker to listener along the edges, increasing; the last is inf when some pairs have no path.
    mean, sd
        Mean and standard deviation over the pairs at that distance.
    standard_error
        Of the mean, by leaving out one agent at a time: pairs that share an agent are not independent, so
        sd / √pairs would be too small. NaN where all pairs share one agent.
    pairs
        Number of ordered pairs.
    """

    distance: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    standard_error: np.ndarray
    pairs: np.ndarray


def hop_distances(edges: np.ndarray, n_agents: int) -> np.ndarray:
    """Return the number of hops `[N, N]` from row to column along directed edges `[E, 2]`, inf without a path.

    O(N (N + E)).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    sources, targets = edge_list(edges, n_agents).T
    graph = csr_array((np.ones(len(sources)), (sources, targets)), shape=(n_agents, n_agents))
    return np.asarray(shortest_path(graph, method="D", unweighted=True))


def by_distance(matrix: np.ndarray, edges: np.ndarray, n_agents: int) -> ByDistance:
    """Return the mean of `matrix [N, N]` over ordered pairs i ≠ j at each hop distance from i to j.

    Agents that no path joins are at distance inf and are kept. The standard error is the vertex jackknife of
    Snijders & Borgatti (1999), √((N − 2) / 2N · Σ (mean without an agent − their mean)²). O(N²) for each distance.
    """
    values = square(matrix)
    hops = hop_distances(edges, n_agents)
    np.fill_diagonal(hops, -1)
    distances = np.unique(hops[hops > 0])
    rows = [_at(values, hops == distance) for distance in distances]
    mean, sd, error, pairs = np.array(rows).reshape(-1, 4).T
    return ByDistance(distances, mean, sd, error, pairs.astype(np.int64))


def _at(values: np.ndarray, chosen: np.ndarray) -> tuple[float, float, float, int]:
    n_agents, kept = len(values), values[chosen]
    total = np.where(chosen, values, 0.0)
    pairs_left = len(kept) - chosen.sum(axis=0) - chosen.sum(axis=1)
    sum_left = total.sum() - total.sum(axis=0) - total.sum(axis=1)
    error = np.nan
    if pairs_left.all():
        left_out = sum_left / pairs_left
        error = np.sqrt((n_agents - 2) / (2 * n_agents) * ((left_out - left_out.mean()) ** 2).sum())
    return float(kept.mean()), float(kept.std()), float(error), len(kept)
