"""A fixed number of links for all agents together."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.search.constraints.catalogue import constraint
from hubbub.simulator.topology.options import Count


@constraint("total-links")
class TotalLinks:
    """`links` links in all, between any agents."""

    def __init__(self, *, links: Count, n_agents: int) -> None:
        most = n_agents * (n_agents - 1) // 2
        if links > most:
            expected = f"at most {most}, all pairs of {n_agents} agents"
            raise ConfigurationError(complaint("search.constraint.links", expected=expected, got=links))
        self.links, self.n_agents = links, n_agents

    def draw(self, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        """Return `[links, 2]` different pairs, drawn without replacement (the Erdős–Rényi graph G(n, m))."""
        sources, targets = np.triu_indices(self.n_agents, 1)
        drawn = generator.choice(len(sources), size=self.links, replace=False)
        return np.column_stack([sources[drawn], targets[drawn]])

    def move(self, links: Int[np.ndarray, "M 2"], generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        """Move one end of one link to an agent to which the other end is not linked yet."""
        moved, link, end = links.copy(), generator.integers(len(links)), generator.integers(2)
        other = links[link, 1 - end]
        touching = links[(links == other).any(axis=1)]
        free = np.setdiff1d(np.arange(self.n_agents), touching.ravel())
        if len(free):
            moved[link, end] = generator.choice(free)
        return moved
