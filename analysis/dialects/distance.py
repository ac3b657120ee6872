"""How understanding and similarity fall with distance on the graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.analysis.arrays import edge_list, square
from hubbub.simulator.errors import ConfigurationError, complaint


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
    kept = values[chosen]
    return float(kept.mean()), float(kept.std()), jackknife_error(leave_one_out_means(values, chosen)), len(kept)


def leave_one_out_means(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return the mean over the chosen pairs `[N, N]` without those of one agent, for each agent `[N]`; NaN if none."""
    total = np.where(chosen, values, 0.0)
    pairs_left = chosen.sum() - chosen.sum(axis=0) - chosen.sum(axis=1)
    sum_left = total.sum() - total.sum(axis=0) - total.sum(axis=1)
    return np.divide(sum_left, pairs_left, out=np.full(len(values), np.nan), where=pairs_left > 0)


def jackknife_error(without: np.ndarray) -> float:
    """Return the standard error of a statistic of pairs from its values without one agent each `[N]`.

    The vertex jackknife of Snijders & Borgatti (1999); NaN where one of the values is.
    """
    n_agents = len(without)
    return float(np.sqrt((n_agents - 2) / (2 * n_agents) * ((without - without.mean()) ** 2).sum()))


def distance_matrix(distance: np.ndarray, n_agents: int) -> np.ndarray:
    """Return distances `[N, N]` as float64; infinite ones are fine, NaN is not."""
    values = np.asarray(distance, dtype=np.float64)
    if values.shape != (n_agents, n_agents):
        raise ConfigurationError(complaint("distance", expected=f"shape ({n_agents}, {n_agents})", got=values.shape))
    if np.isnan(values).any():
        raise ConfigurationError(f"distance: expected numbers or infinity, got {np.isnan(values).sum()} NaN")
    return values


def pairs_left_out(used: np.ndarray) -> str:
    """Return how many ordered pairs i ≠ j are not among the used ones `[N, N]`, in words; "" when all are."""
    n_pairs = len(used) * (len(used) - 1)
    left_out = n_pairs - int(used.sum())
    return f"{left_out} of {n_pairs} ordered pairs left out: no path" if left_out else ""
