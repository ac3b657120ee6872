"""The names that a configuration may give as `search.constraint.kind`."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from jaxtyping import Int

from hubbub.simulator.registry import Registry


class Constraint(Protocol):
    """A space of graphs of N agents. A graph is its links `[M, 2]`: who chose, who was chosen; all links are mutual."""

    def draw(self, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        """Return the links of a graph drawn uniformly."""

    def move(self, links: Int[np.ndarray, "M 2"], generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        """Return the links of a graph in which one link, drawn uniformly, has moved."""


constraint = Registry(
    "constraint", package="hubbub.simulator.search.constraints", supplied=("n_agents",), contract=Constraint
)
"""Decorator and catalogue of `Constraint` classes; the parameter `n_agents` receives N."""
