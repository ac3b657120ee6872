"""A fixed number of partners that every agent chooses."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.search.constraints.catalogue import constraint
from hubbub.simulator.topology.options import Count


@constraint("out-links")
class OutLinks:
    """Each agent chooses `links_per_agent` partners; being chosen is free, so that hubs can form.

    Two agents who choose each other share one link.
    """

    def __init__(self, *, links_per_agent: Count = 1, n_agents: int) -> None:
        if links_per_agent >= n_agents:
            expected = f"less than the number of agents ({n_agents})"
            raise ConfigurationError(
                complaint("search.constraint.links_per_agent", expected=expected, got=links_per_agent)
            )
        self.links_per_agent, self.n_agents = links_per_agent, n_agents

    def draw(self, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        """Return links `[N · links_per_agent, 2]`, the partners of every agent drawn without replacement."""
        keys = generator.random((self.n_agents, self.n_agents))
        np.fill_diagonal(keys, 2.0)
        chosen = np.argsort(keys, axis=1)[:, : self.links_per_agent]
        return np.column_stack([np.repeat(np.arange(self.n_agents), self.links_per_agent), chosen.ravel()])

    def move(self, links: Int[np.ndarray, "M 2"], generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        """Let the chooser of one link choose another partner."""
        moved, link = links.copy(), generator.integers(len(links))
        chooser = links[link, 0]
        taken = links[links[:, 0] == chooser, 1]
        free = np.setdiff1d(np.arange(self.n_agents), [chooser, *taken])
        if len(free):
            moved[link, 1] = generator.choice(free)
        return moved
