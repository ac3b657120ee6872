"""The agents of a list of links: who there is, and their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.columns import whole_numbers

if TYPE_CHECKING:
    import pyarrow as pa

DENSE = 8
"""Whole numbers up to this many times the number of links are looked up in a table."""


def numbered(sources: pa.Array, targets: pa.Array) -> tuple[tuple[str, ...], Int[np.ndarray, "E 2"]]:
    """Return the names of the agents and the links between them by number, from two columns of names.

    Agents are numbered by their names if all of these are whole numbers, else in the order in which they appear. O(E).
    """
    starts, stops = whole_numbers(sources), whole_numbers(targets)
    if starts is not None and stops is not None:
        return _by_number(np.column_stack([starts, stops]))
    return _by_appearance(sources, targets)


def _by_number(ends: Int[np.ndarray, "E 2"]) -> tuple[tuple[str, ...], Int[np.ndarray, "E 2"]]:
    highest = int(ends.max())
    if highest < DENSE * ends.size:
        there = np.zeros(highest + 1, dtype=bool)
        there[ends] = True
        agents = np.flatnonzero(there)
        links = (np.cumsum(there) - 1)[ends]
    else:
        agents, links = np.unique(ends, return_inverse=True)
    limits.check_size("nodes", len(agents), limits.MAX_AGENTS)
    return tuple(map(str, agents.tolist())), links.reshape(ends.shape)


def _by_appearance(sources: pa.Array, targets: pa.Array) -> tuple[tuple[str, ...], Int[np.ndarray, "E 2"]]:
    import pyarrow as pa

    encoded = pa.concat_arrays([sources, targets]).dictionary_encode()
    limits.check_size("nodes", len(encoded.dictionary), limits.MAX_AGENTS)
    names = encoded.dictionary.to_pylist()
    known = set(names)
    if twin := next((name for name in names if name.endswith(".0") and name[:-2] in known), None):
        raise TopologyError(
            f"names: expected one form for every agent, got {twin[:-2]!r} and {twin!r}, which may be the same; write "
            "whole numbers without a fraction"
        )
    links = encoded.indices.to_numpy().astype(np.int64).reshape(2, -1).T
    if all(name.isascii() and name.isdigit() for name in names):
        order = sorted(range(len(names)), key=lambda one: (len(names[one].lstrip("0")), names[one].lstrip("0")))
    else:
        first = np.empty(len(names), dtype=np.int64)
        first[links.ravel()[::-1]] = np.arange(links.size)[::-1]  # the last value given to an entry stays
        order = np.argsort(first).tolist()
    number = np.empty(len(names), dtype=np.int64)
    number[order] = np.arange(len(names))
    return tuple(names[one] for one in order), number[links]
