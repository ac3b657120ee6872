"""The degree table: degree, centrality and success of every agent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int, Shaped

from hubbub.analysis.hubs.cores import core_numbers_of
from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.hubs.leading_eigenvector import leading_eigenvector
from hubbub.analysis.hubs.shortest_paths import search
from hubbub.analysis.validation import SHARE, validated
from hubbub.simulator.errors import ConfigurationError, complaint

EXACT_UP_TO = 2000
DAMPING = 0.85
MOST_ITERATIONS = 1000


@validated(stated_shapes=True, success=SHARE)
def degree_table(
    edges: Int[np.ndarray, "E 2"],
    n_agents: int,
    names: Sequence[str] | None = None,
    *,
    success: Float[np.ndarray, "N N"] | None = None,
) -> dict[str, Shaped[np.ndarray, " N"]]:
    """Return one row per agent as columns `[N]`, in the order of the agents; `pandas.DataFrame(...)` accepts it.

    Parameters
    ----------
    edges
        Directed edges `[E, 2]`: i → j means that j may hear i.
    names
        Name of each agent; its number when not given.
    success
        Success C, row speaks, column listens; adds the two success columns.

    Returns
    -------
    dict
        agent; name; out_degree (how many may hear it); in_degree (how many it may hear); betweenness
        (Freeman 1977, normalised; along directed edges) and betweenness_error (its standard error where it is estimated
        from the paths from 500 random agents, above 2,000 agents; else 0); pagerank (see `page_rank`: high for agents
        that are heard by agents of high rank);
        eigenvector and core_number of the undirected graph (`eigenvector_centrality`, `core_numbers`);
        success_as_speaker and success_as_listener (mean over all other agents).

    O(N E) time for betweenness, O(500 E) where it is estimated; O(N + E) memory.

    Raises
    ------
    ConfigurationError
        Malformed edges, or success or names of another number of agents.
    """
    graph = Graph(edges, n_agents)
    if success is not None and len(success) != n_agents:
        raise ConfigurationError(complaint("success", expected=f"shape ({n_agents}, {n_agents})", got=success.shape))
    if names is not None and len(names) != n_agents:
        raise ConfigurationError(complaint("names", expected=f"{n_agents}, one for each agent", got=len(names)))
    paths = search(graph.heard, directed=True, exact_up_to=EXACT_UP_TO)
    table = {
        "agent": np.arange(n_agents),
        "name": np.array([str(name) for name in (names or range(n_agents))], dtype=object),
        "out_degree": graph.out_degrees,
        "in_degree": graph.in_degrees,
        "betweenness": paths.betweenness(),
        "betweenness_error": paths.betweenness_error(),
        "pagerank": page_rank_of(graph),
        "eigenvector": leading_eigenvector(graph)[0],
        "core_number": core_numbers_of(graph),
    }
    if success is not None:
        table["success_as_speaker"], table["success_as_listener"] = success_of_agents(success)
    return table


@validated()
def page_rank(edges: Int[np.ndarray, "E 2"], n_agents: int) -> Float[np.ndarray, " N"]:
    """Return the PageRank of each agent (Brin & Page 1998, damping 0.85); rank is passed from listener to speaker.

    Agents that hear nobody pass theirs to all alike. Power iterations until no rank changes by more than 10⁻⁶ on
    average, as in networkx. O(E) for each.
    """
    return page_rank_of(Graph(edges, n_agents))


def page_rank_of(graph: Graph) -> Float[np.ndarray, " N"]:
    """Return `page_rank` of a graph."""
    heard, n_agents = graph.heard, graph.n_agents
    if not n_agents:
        return np.zeros(0)
    hears = np.asarray(heard.sum(axis=0)).ravel()
    share = np.divide(1, hears, out=np.zeros(n_agents), where=hears > 0)
    rank = np.full(n_agents, 1 / n_agents)
    for _ in range(MOST_ITERATIONS):
        before = rank
        rank = DAMPING * (heard @ (before * share) + before[hears == 0].sum() / n_agents) + (1 - DAMPING) / n_agents
        if np.abs(rank - before).sum() < n_agents * 1e-6:
            break
    return rank


@validated(stated_shapes=True, success=SHARE)
def success_of_agents(
    success: Shaped[np.ndarray, "N N"],
) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
    """Return the mean success of each agent with all others, as speaker and as listener; NaN for a single agent.

    `success` is C, of bool, int or float: row speaks, column listens. O(N²).
    """
    n_agents = len(success)
    others = np.where(np.eye(n_agents, dtype=bool), 0.0, success)
    n_others = n_agents - 1 or np.nan
    return others.sum(axis=1) / n_others, others.sum(axis=0) / n_others
