"""A graph with everything that GraphML and GEXF can hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Spell = tuple[float, float]
"""First and last moment, both included."""

KEPT = "attribute:"
"""Before the name of an attribute that the format, or hubbub, uses for something else; reading removes it."""

WEIGHT = "weight"

COURSE = " over time"
"""At the end of the name of an attribute of GEXF with times: NAME has its last value, and `NAME over time` all."""


@dataclass(frozen=True, kw_only=True)
class GraphData:
    """N nodes and E links.

    Attributes
    ----------
    labels
        Label of each node, `[N]`; their ids are their numbers.
    ends
        Numbers of the nodes at both ends of each link, `[E, 2]`.
    directed
        Whether links lead from the first to the second.
    weights
        `[E]`, or None.
    attributes, link_attributes
        Name → N (or E) values of any sort, None and NaN where there is nothing to say.
    positions
        `[N, d]` with d ≤ 3, or None.
    colours, sizes
        Of each node, GEXF only: (red, green, blue) and a number.
    courses
        GEXF only: name → for each node (value, first, last), the values that an attribute had one after another.
    spells
        GEXF only: for each link, when it was there.
    """

    labels: Sequence[str]
    ends: np.ndarray
    directed: bool
    weights: Sequence[float] | np.ndarray | None = None
    attributes: Mapping[str, Sequence[Any] | np.ndarray] = field(default_factory=dict)
    link_attributes: Mapping[str, Sequence[Any] | np.ndarray] = field(default_factory=dict)
    positions: np.ndarray | None = None
    colours: Sequence[tuple[int, int, int]] | None = None
    sizes: Sequence[float] | None = None
    courses: Mapping[str, Sequence[Sequence[tuple[Any, float, float]]]] | None = None
    spells: Sequence[Sequence[Spell]] | None = None


def written_name(name: str, taken: tuple[str, ...]) -> str:
    """Return the name under which an attribute is written."""
    return f"{KEPT}{name}" if name in taken or name.startswith(KEPT) else name


def weights_in(names: Collection[str]) -> tuple[str, ...]:
    """Return the names of link attributes that a reader would take for the weights."""
    return WEIGHT, *(name for name in names if name.lower() == WEIGHT)


def own_name(name: str, others: Collection[str]) -> str:
    """Return the name that an attribute had before it was written, unless another of the file has it."""
    own = name.removeprefix(KEPT)
    return name if own in others and not own.startswith(KEPT) else own
