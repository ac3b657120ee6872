"""Links as a file or another library lists them, with their weights and attributes: left out, turned, merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.simulator.topology.edge_order import order_of


@dataclass(frozen=True)
class ListedLinks:
    """E links between numbered agents.

    Attributes
    ----------
    ends
        Source and target of each, `[E, 2]`.
    weights
        `[E]`, or None.
    attributes
        Name → E values.
    """

    ends: Int[np.ndarray, "E 2"]
    weights: Float[np.ndarray, " E"] | None = None
    attributes: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ends)

    def taken(self, chosen: np.ndarray) -> ListedLinks:
        """Return the links with these numbers, in this order."""
        weights = None if self.weights is None else self.weights[chosen]
        numbers = chosen.tolist() if self.attributes else []
        attributes = {name: [values[one] for one in numbers] for name, values in self.attributes.items()}
        return ListedLinks(self.ends[chosen], weights, attributes)

    def in_order_of_numbers(self) -> ListedLinks:
        """Return the links as pairs, the agent with the lower number first."""
        return ListedLinks(np.sort(self.ends, axis=1), self.weights, self.attributes)

    def both_ways(self, which: Bool[np.ndarray, " E"]) -> ListedLinks:
        """Return all links and, after them, the opposites of those of `which`."""
        again = self.taken(np.flatnonzero(which))
        weights = None
        if self.weights is not None and again.weights is not None:
            weights = np.concatenate([self.weights, again.weights])
        attributes = {name: [*values, *again.attributes[name]] for name, values in self.attributes.items()}
        return ListedLinks(np.concatenate([self.ends, again.ends[:, ::-1]]), weights, attributes)

    def codes(self, n_agents: int) -> Int[np.ndarray, " E"]:
        """Return one number per link, the same for links from the same agent to the same."""
        return self.ends[:, 0] * n_agents + self.ends[:, 1]

    def repeated(self, n_agents: int) -> Int[np.ndarray, " D"]:
        """Return the numbers of the links that repeat an earlier one."""
        order = order_of(self.ends[:, 0], self.ends[:, 1], n_agents)
        ordered = self.codes(n_agents)[order]
        return np.sort(order[1:][ordered[1:] == ordered[:-1]])

    def merged(self, n_agents: int, *, add: bool) -> ListedLinks:
        """Return every link once; with `add`, its weight is the sum of its weights, each 1 if there are none.

        An attribute is kept where all links that became one have the same value.
        """
        codes = self.codes(n_agents)
        order = order_of(self.ends[:, 0], self.ends[:, 1], n_agents)
        ordered = codes[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        weights = None
        if add:
            each = np.ones(len(self)) if self.weights is None else self.weights[order]
            weights = np.add.reduceat(each, starts)
        once = self.taken(order[starts])
        groups = list(zip(starts.tolist(), [*starts[1:].tolist(), len(self)], strict=True))
        numbers = order.tolist()
        attributes = {
            name: [_agreed([values[one] for one in numbers[first:last]]) for first, last in groups]
            for name, values in self.attributes.items()
        }
        return ListedLinks(once.ends, weights, attributes)


def _agreed(values: list[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values[1:]) else None
