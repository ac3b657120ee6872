"""How many agents have how many links."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.hubs.links import link_counts
from hubbub.simulator.errors import ConfigurationError, complaint

KINDS = ("links", "out", "in")


def degrees(edges: np.ndarray, n_agents: int, *, kind: str = "links") -> np.ndarray:
    """Return the degree of each agent `[N]`.

    `kind`: "links" counts the others it is linked with in either direction, "out" those that may hear it, "in" those
    that it may hear; on an undirected graph all three are the same.
    """
    if kind not in KINDS:
        raise ConfigurationError(complaint("kind", expected=f"one of {', '.join(KINDS)}", got=kind, valid=KINDS))
    if kind == "links":
        return link_counts(edges, n_agents)
    return np.bincount(edge_list(edges, n_agents)[:, 0 if kind == "out" else 1], minlength=n_agents)


def degree_distribution(edges: np.ndarray, n_agents: int, *, kind: str = "links") -> dict[str, np.ndarray]:
    """Return a row for each degree that occurs, as columns degree, agents, at_least.

    `at_least` is the complementary cumulative distribution P(K ≥ degree): on doubly logarithmic axes it shows a tail
    without bins. A straight line there is no evidence of a power law; see `heavy_tailed`. `kind` as in `degrees`.
    """
    degree, agents = np.unique(degrees(edges, n_agents, kind=kind), return_counts=True)
    return {"degree": degree, "agents": agents, "at_least": agents[::-1].cumsum()[::-1] / max(n_agents, 1)}
