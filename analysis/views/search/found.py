"""What a search found: the graph at its start and at its end, and how good each of them is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from hubbub.analysis.dialects import pair_means
from hubbub.analysis.hubs import gini, most_links, path_length
from hubbub.analysis.views.population.findings import PopulationFindings


@dataclass(frozen=True)
class GraphFound:
    """A graph of a search, and the success of the agents on it.

    Attributes
    ----------
    edges
        Directed edges `[E, 2]`.
    success
        Success by kind of pair: "over_links", "all_pairs" and others (`pair_means`).
    path_length, gini
        Mean shortest path, and Gini coefficient of the numbers of links.
    most
        Largest number of links of an agent, and the agents that have it.
    """

    edges: Int[np.ndarray, "E 2"]
    success: dict[str, float]
    path_length: float
    gini: float
    most: tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class SearchFound:
    """The graphs at the first and the last lexicon, and the last metrics of the search, by name."""

    first: GraphFound
    last: GraphFound
    metrics: dict[str, float]

    @property
    def numbers(self) -> dict[str, Any]:
        """The numbers for programs."""
        of_graphs = {
            name: {
                "links": len(graph.edges) / 2,
                "success": graph.success,
                "path_length": graph.path_length,
                "gini": graph.gini,
                "most_links": graph.most[0],
                "agents_with_most_links": graph.most[1],
            }
            for name, graph in (("first", self.first), ("last", self.last))
        }
        return {**of_graphs, **self.metrics}


def found_graph(found: PopulationFindings) -> SearchFound:
    """Return what a search found."""
    run, steps = found.run, found.run.lexicon_steps()
    recorded = set(run.metric_rows()["name"].to_pylist())
    metrics = {}
    for name in ("best_value", "mean_value", "best_tries", "games", "reward"):
        values = run.metric(name)[1] if name in recorded else np.empty(0)
        metrics[name] = float(values[-1]) if len(values) else math.nan
    return SearchFound(_graph(found, steps[0]), _graph(found, steps[-1]), metrics)


def _graph(found: PopulationFindings, step: int) -> GraphFound:
    edges = found.run.edges(step)
    degrees = np.bincount(edges[:, 0], minlength=found.n_agents)
    most = most_links(degrees, 1)
    hubs = np.flatnonzero(degrees == degrees.max(initial=0)) if len(most.agents) else np.empty(0, dtype=int)
    return GraphFound(
        edges,
        pair_means(found.run.lexicon(step).splits["train"].success, edges),
        float(path_length(edges, found.n_agents)),
        float(gini(degrees)),
        (int(most.links), tuple(found.agents.names[agent] for agent in hubs.tolist())),
    )
