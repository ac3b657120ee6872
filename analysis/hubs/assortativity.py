"""Degree assortativity: are agents of high degree linked with agents of high degree?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated


@validated()
def degree_assortativity(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Measure:
    """Return the Pearson correlation of the degrees at the two ends of a link (Newman 2002, eq. 4).

    Of the undirected graph below the edges; `n` counts the links. Undefined where all linked agents have the same
    degree. O(E log E).

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    return assortativity_of(Graph(edges, n_agents))


def assortativity_of(graph: Graph) -> Measure:
    """Return `degree_assortativity` of a graph."""
    estimator, links, degree = "degree assortativity", graph.links, graph.degrees
    if not len(links) or np.ptp(degree[degree > 0]) == 0:
        reason = "all linked agents have the same degree" if len(links) else "no links"
        return undefined(reason, unit="1", estimator=estimator, n=len(links))
    mean = float((degree * degree).sum() / degree.sum())  # over the ends of links
    here, there = (degree - mean)[np.concatenate([links, links[:, ::-1]])].T
    return Measure(float(here @ there / (here @ here)), "1", estimator, len(links))
