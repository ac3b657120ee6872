"""Degrees and their distribution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

KINDS: dict[str, Callable[[Graph], Int[np.ndarray, " N"]]] = {
    "links": lambda graph: graph.degrees,
    "out": lambda graph: graph.out_degrees,
    "in": lambda graph: graph.in_degrees,
}


@validated()
def degrees(edges: Int[np.ndarray, "E 2"], n_agents: int, *, kind: str = "links") -> Int[np.ndarray, " N"]:
    """Return the degree of each agent.

    `kind`: "links" counts the other agents that it is linked with in either direction, "out" those that may hear it,
    "in" those that it may hear; on an undirected graph all three are the same. O(E log E).

    Raises
    ------
    ConfigurationError
        Malformed edges, or an unknown kind.
    """
    if kind not in KINDS:
        raise ConfigurationError(complaint("kind", expected=f"one of {', '.join(KINDS)}", got=kind, valid=tuple(KINDS)))
    return KINDS[kind](Graph(edges, n_agents))


@validated()
def degree_distribution(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, kind: str = "links"
) -> dict[str, Real[np.ndarray, " D"]]:
    """Return a row for each of the D degrees that occur, as columns degree, agents, at_least.

    `agents` is the number of agents with that degree. `at_least` is the complementary cumulative distribution
    P(K ≥ degree), which on doubly logarithmic axes shows a tail without binning. A straight line there is no evidence
    of a power law; see `heavy_tailed`. `kind` as in `degrees`. O(E log E).

    Raises
    ------
    ConfigurationError
        Malformed edges, or an unknown kind.
    """
    degree, agents = np.unique(degrees(edges, n_agents, kind=kind), return_counts=True)
    return {"degree": degree, "agents": agents, "at_least": agents[::-1].cumsum()[::-1] / max(n_agents, 1)}
