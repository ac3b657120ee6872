"""How large a graph file may be."""

from __future__ import annotations

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.limits import MAX_AGENTS as MAX_AGENTS

MAX_BYTES = 64 * 2**20
MAX_EDGES = 1_000_000
MAX_ELEMENTS = 4_000_000
MAX_DEPTH = 100
"""XML elements inside one another; networkx reads nested nodes recursively."""


def check_size(what: str, number: int, most: int) -> None:
    """Raise a `TopologyError` if there are more than `most`."""
    if number > most:
        raise TopologyError(f"expected at most {most:,} {what}, got more")
