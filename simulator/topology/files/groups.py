"""Nodes that contain other nodes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Int

from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.moments import contents_with

Groups = Literal["drop", "attribute", "agents"]
"""What is done with groups: no agents; no agents, but an attribute `group` of their members; agents like all others."""

ATTRIBUTE = "group"


@dataclass(frozen=True)
class Nesting:
    """Which of N nodes lies in which.

    Attributes
    ----------
    parents
        Number of the node that contains each, −1 where none does, `[N]`.
    are_groups
        Whether the file marks a node as a group, `[N]`; another node with members is an agent that has members.
    """

    parents: Int[np.ndarray, " N"]
    are_groups: Bool[np.ndarray, " N"]

    def agents(self, groups: Groups) -> Int[np.ndarray, " A"]:
        """Return the numbers of the nodes that are agents."""
        return np.flatnonzero(~self.are_groups if groups != "agents" else np.ones_like(self.are_groups))

    def attribute(self, labels: Sequence[str]) -> list[str | None]:
        """Return the label of the node around each node, None where there is none."""
        return [None if parent < 0 else labels[parent] for parent in self.parents.tolist()]


def free_name(attributes: Collection[str]) -> str:
    """Return the name of the attribute that tells in which node each agent lies, beside others of the file."""
    return ATTRIBUTE if ATTRIBUTE not in attributes else f"{ATTRIBUTE} around it"


def renumbered(ends: Int[np.ndarray, "E 2"], agents: Int[np.ndarray, " A"], n_nodes: int) -> Int[np.ndarray, "E 2"]:
    """Return links between nodes as links between agents; −1 where an end is none."""
    number = np.full(n_nodes, -1, dtype=np.int64)
    number[agents] = np.arange(len(agents))
    return number[ends]


def linked_agents(contents: Contents, nesting: Nesting, groups: Groups) -> Contents:
    """Return the contents without the links that end at a group (−1), and with a note on groups."""
    n_groups = int(nesting.are_groups.sum())
    if not n_groups:
        return contents
    inside = (contents.links >= 0).all(axis=1)
    notes = [f"{n_groups:,} groups are {'agents' if groups == 'agents' else 'no agents (topology.groups)'}"]
    if not inside.all():
        notes.append(f"{int((~inside).sum()):,} links that end at a group were left out")
    return replace(contents_with(contents, np.flatnonzero(inside)), notes=(*contents.notes, *notes))


def taken(columns: Mapping[str, Sequence[Any]], rows: Int[np.ndarray, " A"]) -> dict[str, list[Any]]:
    """Return some rows of every column."""
    numbers = rows.tolist()
    return {name: [values[row] for row in numbers] for name, values in columns.items()}
