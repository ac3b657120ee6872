"""Communities of the graph alone, without any language: a reference for dialects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int, Shaped

from hubbub.analysis.dialects.clusters import by_size
from hubbub.analysis.hubs.links import link_counts, undirected_links
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    import networkx as nx


@validated()
def graph_communities(
    edges: Int[np.ndarray, "E 2"], n_agents: int, n_communities: int | None = None
) -> Int[np.ndarray, " N"]:
    """Return the community of each agent in the undirected graph, 0 the largest; deterministic.

    With `n_communities`, that many by greedy modularity (Clauset, Newman & Moore 2004); without, the Louvain
    communities, whose number is that of the highest modularity found (Blondel et al. 2008).

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    import networkx as nx

    graph, labels = _graph(edges, n_agents), np.arange(n_agents)
    if graph.number_of_edges():
        if n_communities is None:
            found = nx.community.louvain_communities(graph, seed=0)
        else:
            found = nx.community.greedy_modularity_communities(graph, cutoff=n_communities, best_n=n_communities)
        for label, members in enumerate(found):
            labels[list(members)] = label
    return by_size(labels)


@validated()
def modularity(edges: Int[np.ndarray, "E 2"], n_agents: int, labels: Shaped[np.ndarray, " N"] | None = None) -> Measure:
    """Return the modularity: the share of links within groups less its expectation from degrees (Newman & Girvan 2004).

    `labels`, of any type, name the group of each agent (dialects, a known partition); without them, the Louvain
    communities. These reach a high modularity on random graphs too (Guimerà, Sales-Pardo & Amaral 2004): compare with
    null graphs (`against_graph_nulls`). `n` counts links. Undefined without links.

    Raises
    ------
    ConfigurationError
        Malformed edges, or labels of another shape.
    """
    estimator = "modularity of Louvain communities" if labels is None else "modularity of given groups"
    groups = graph_communities(edges, n_agents) if labels is None else np.asarray(labels)
    if groups.shape != (n_agents,):
        raise ConfigurationError(complaint("labels", expected=f"shape ({n_agents},)", got=groups.shape))
    links = undirected_links(edges, n_agents)
    if not len(links):
        return undefined("no links", unit="1", estimator=estimator)
    ends = np.bincount(np.unique(groups, return_inverse=True)[1], link_counts(edges, n_agents))
    within = np.mean(groups[links[:, 0]] == groups[links[:, 1]])
    return Measure(float(within - ((ends / ends.sum()) ** 2).sum()), "1", estimator, len(links))


def _graph(edges: Int[np.ndarray, "E 2"], n_agents: int) -> nx.Graph:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n_agents))
    graph.add_edges_from(undirected_links(edges, n_agents).tolist())
    return graph
