"""What a user may say about a graph file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from hubbub.simulator.errors import TopologyError, complaint

EVERY = (
    *("format", "undirected", "self_loops", "zero_weights", "parallel", "component", "at", "weight", "time"),
    *("people", "key"),
)
"""Options of every format."""

Column = str | int


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """The options of `read_topology`, which are those of `topology.kind=file`.

    Attributes
    ----------
    format
        Name of the format, where suffix and look do not tell it.
    directed
        Tables, lists and matrices only: whether a line "a b" is one link from a to b instead of one both ways.
    undirected
        Whether directions are ignored. Two opposite links become one; their weights are added, if there are any.
    source, target
        Edge tables only: the columns of the two ends, by name or number (from 1).
    heading
        Edge tables only: whether the first line names the columns. Without it, that is found out, or asked for.
    weight
        The column or link attribute that holds the weights, or "none".
    time
        The column or link attribute that holds the time of a link, or "none"; in an edge table also two, "start,end".
    at
        The moment of which the links are wanted: a number, a date, "first", "last", or "FROM..TO".
    self_loops, zero_weights
        What is done with links of an agent to itself, and with links of weight 0: "refuse" or "drop".
    parallel
        What is done with links side by side: "add" their weights (a link without a weight counts 1), count them "once",
        or "refuse". Without it, each format has its own rule.
    groups
        GraphML and GEXF only: what is done with nodes that contain others. "drop" makes no agents of those that are
        marked as groups, "attribute" also tells in the attribute `group` in which node each agent lies, "agents" keeps
        all.
    component
        "all" agents, or those of the "largest" component (directions do not count; of equal ones the first).
    people
        A table with attributes of the agents, one line each; `key` is its column of names.
    """

    format: str | None = None
    directed: bool | None = None
    undirected: bool = False
    source: Column | None = None
    target: Column | None = None
    heading: bool | None = None
    weight: Column | None = None
    time: Column | None = None
    at: float | str | tuple[float, float] | None = None
    self_loops: Literal["refuse", "drop"] = "refuse"
    zero_weights: Literal["refuse", "drop"] = "refuse"
    parallel: Literal["add", "once", "refuse"] | None = None
    component: Literal["all", "largest"] = "all"
    groups: Literal["drop", "attribute", "agents"] = "drop"
    people: str | Path | None = None
    key: Column | None = None

    def wants_weight(self, name: str) -> bool:
        """Whether the attribute of links that a file calls weight, or `name`, is to be their weight."""
        return self.weight is None or str(self.weight) in ("weight", name)

    def given(self) -> tuple[str, ...]:
        """Return the names of the options that differ from their defaults."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) != each.default)


def options_from(given: dict[str, Any]) -> ReadOptions:
    """Return the options of these names; an unknown name or choice is refused."""
    known = [each.name for each in fields(ReadOptions)]
    for name, value in given.items():
        if name not in known:
            raise TopologyError(complaint("option", expected=f"one of {', '.join(known)}", got=name, valid=known))
        if name in _CHOICES and value not in _CHOICES[name]:
            allowed = [choice for choice in _CHOICES[name] if choice is not None]
            raise TopologyError(complaint(name, expected=f"one of {', '.join(allowed)}", got=value, valid=allowed))
    return ReadOptions(**given)


_CHOICES: dict[str, tuple[str | None, ...]] = {
    "self_loops": ("refuse", "drop"),
    "zero_weights": ("refuse", "drop"),
    "parallel": ("add", "once", "refuse", None),
    "component": ("all", "largest"),
    "groups": ("drop", "attribute", "agents"),
}
