"""Degree assortativity: are agents of high degree linked with agents of high degree?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs.links import link_counts, undirected_links
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
    estimator = "degree assortativity"
    links = undirected_links(edges, n_agents)
    ends = link_counts(edges, n_agents)[np.concatenate([links, links[:, ::-1]])].astype(float)
    if not len(ends) or np.ptp(ends) == 0:
        reason = "all linked agents have the same degree" if len(ends) else "no links"
        return undefined(reason, unit="1", estimator=estimator, n=len(links))
    here, there = (ends - ends.mean(axis=0)).T
    return Measure(float(here @ there / (here @ here)), "1", estimator, len(links))
