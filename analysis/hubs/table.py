"""All measures of hubs on one graph, with two null models."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.hubs.assortativity import assortativity_of
from hubbub.analysis.hubs.centralisation import (
    betweenness_centralisation_of,
    degree_centralisation_of,
    eigenvector_centralisation_of,
)
from hubbub.analysis.hubs.communities import modularity_of
from hubbub.analysis.hubs.concentration import gini, largest_to_mean, top_share
from hubbub.analysis.hubs.cores import k_core_of
from hubbub.analysis.hubs.degree_distribution import KINDS
from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.hubs.graph_nulls import (
    DEGREE_PRESERVING,
    ERDOS_RENYI,
    compared,
    directed_erdos_renyi,
    nulls_of,
)
from hubbub.analysis.hubs.paths import efficiency_of, path_length_of
from hubbub.analysis.hubs.rich_club import rich_club_of
from hubbub.analysis.hubs.small_world import clustering_of, omega_of, sigma_of
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

OfGraph = Callable[[Graph], Measure]


class HubRow(NamedTuple):
    """One measure of a graph with one null; `pandas.DataFrame(rows)` makes a table of a list of them.

    Attributes
    ----------
    name, value, unit
        The measure.
    null, null_mean, null_sd
        "erdos-renyi" or "degree-preserving", and mean and standard deviation of the measure there; "" and NaN for
        measures that compare with random graphs by definition.
    z_score, p_value
        Distance from the null in its standard deviations, and the share of null graphs with at least this value.
    reason
        Why a number is NaN, or what was left out.
    """

    name: str
    value: float
    unit: str
    null: str
    null_mean: float
    null_sd: float
    z_score: float
    p_value: float
    reason: str


@validated()
def hub_table(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, generator: np.random.Generator | None = None, samples: int = 100
) -> list[HubRow]:
    """Return the measures of hubs of a graph, a row for each of the two nulls.

    The measures are those of the undirected graph. Where some edge goes in one direction only, there are further rows
    for out- and in-degrees, with directed graphs of the same number of edges as the null. Measures that depend on
    the degrees alone (degree concentration and centralisation) have no z-score against degree-preserving nulls, and
    `reason` says so. The small-world coefficients compare with random graphs by definition.

    Parameters
    ----------
    edges
        Directed edges `[E, 2]`: i → j means that j may hear i.
    generator
        Draws the null graphs; `np.random.default_rng(0)` when not given.
    samples
        Number of null graphs of each kind; a fifth of it for the small-world coefficients.

    O(samples · N E): about three seconds for 300 agents with 1,200 links.

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    rng, graph = generator or np.random.default_rng(0), Graph(edges, n_agents)
    nulls = nulls_of(graph, generator=rng, samples=samples)
    found = compared(MEASURES, graph, {kind: (Graph(one, n_agents) for one in drawn) for kind, drawn in nulls.items()})
    if graph.heard.nnz < 2 * len(graph.links):  # some have no return
        n_edges = len(graph.edges)
        drawn = (directed_erdos_renyi(n_agents, n_edges, generator=rng) for _ in range(samples))
        directed = {ERDOS_RENYI: (Graph(one, n_agents) for one in drawn), DEGREE_PRESERVING: [graph] * samples}
        found |= compared({**_of_degrees("out"), **_of_degrees("in")}, graph, directed)
    for name, coefficient in (("small-world σ", sigma_of), ("small-world ω", omega_of)):
        found[name] = {"": coefficient(graph, generator=rng, samples=max(1, samples // 5))}
    return [row for name, measures in found.items() for row in _rows(name, measures)]


def _rows(name: str, found: dict[str, Measure]) -> list[HubRow]:
    nan = float("nan")
    return [
        HubRow(
            name,
            one.value,
            one.unit,
            null,
            one.null.mean if one.null else nan,
            one.null.sd if one.null else nan,
            one.z_score,
            one.p_value,
            one.reason,
        )
        for null, one in found.items()
    ]


def _of_degrees(kind: str) -> dict[str, OfGraph]:
    what = "links" if kind == "links" else f"{kind}-degrees"

    def of(measure: Callable[[Real[np.ndarray, " N"]], Measure]) -> OfGraph:
        return lambda graph: measure(KINDS[kind](graph))

    return {
        f"largest / mean of {what}": of(largest_to_mean),
        f"Gini coefficient of {what}": of(gini),
        f"share of {what} on the top 5 %": of(top_share),
    }


MEASURES: dict[str, OfGraph] = {
    **_of_degrees("links"),
    "degree centralisation": degree_centralisation_of,
    "betweenness centralisation": betweenness_centralisation_of,
    "eigenvector centralisation": eigenvector_centralisation_of,
    "rich club of the top 10 %": rich_club_of,
    "largest k-core": k_core_of,
    "degree assortativity": assortativity_of,
    "clustering": clustering_of,
    "mean shortest path": path_length_of,
    "global efficiency": efficiency_of,
    "modularity": modularity_of,
}
