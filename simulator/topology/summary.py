"""What was read or made of a graph, in one line and as one object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Summary:
    """What a user must see at once of a graph: whether it is the one that was meant.

    Attributes
    ----------
    format
        Format of the file, or the kind of topology that made the graph.
    agents
        Number of agents N.
    links
        Pairs where the graph is undirected, directed links otherwise.
    directed
        Whether links have a direction.
    weighted, weights_from
        Whether links have weights, and what these are: "column 'weight'", "the number of contacts" …
    names_from
        What the names of the agents are: "node ids", "column 'name'" …
    times
        Where the times of the links come from and how far they reach, or nothing.
    attributes, link_attributes
        Names of what is known of agents and of links.
    left_out
        Columns, keys or parts of the file that were not used.
    isolated, components
        Agents without any link, and parts that no link joins (directions do not count), an isolated agent being one.
    merged
        How many links became part of another between the same agents.
    dropped
        What was left out because the user said so → how many.
    notes
        Anything else that a reader of the file must know, one sentence each.
    """

    format: str
    agents: int
    links: int
    directed: bool
    weighted: bool
    weights_from: str
    names_from: str
    attributes: tuple[str, ...] = ()
    link_attributes: tuple[str, ...] = ()
    times: str = ""
    left_out: tuple[str, ...] = ()
    isolated: int = 0
    components: int = 1
    merged: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        links = "directed links" if self.directed else "undirected pairs"
        parts = [
            f"{self.format}: {self.agents:,} agents, {self.links:,} {links}",
            f"names: {self.names_from}",
            f"weights: {self.weights_from}",
        ]
        if self.times:
            parts.append(f"times: {self.times}")
        for what, known in (
            ("attributes", self.attributes),
            ("attributes of links", self.link_attributes),
            ("left out", self.left_out),
        ):
            if known:
                parts.append(f"{what}: {', '.join(known)}")
        parts.append(f"{self.isolated:,} isolated, {_counted(self.components, 'component')}")
        if self.merged:
            parts.append(f"{_counted(self.merged, 'parallel link')} merged")
        parts += [f"{number:,} {what} dropped" for what, number in self.dropped.items() if number]
        return "; ".join([*parts, *self.notes])

    def as_json(self) -> dict[str, Any]:
        """Return all of it as what JSON can hold."""
        return {
            "format": self.format,
            "agents": self.agents,
            "links": self.links,
            "directed": self.directed,
            "weighted": self.weighted,
            "weights_from": self.weights_from,
            "names_from": self.names_from,
            "times": self.times,
            "attributes": [*self.attributes, *self.link_attributes],
            "agent_attributes": list(self.attributes),
            "link_attributes": list(self.link_attributes),
            "left_out": list(self.left_out),
            "isolated": self.isolated,
            "components": self.components,
            "merged": self.merged,
            "dropped": dict(self.dropped),
            "notes": list(self.notes),
        }


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
