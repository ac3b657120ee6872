"""How large a graph file may be."""

from __future__ import annotations

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.limits import MAX_AGENTS as MAX_AGENTS

MAX_BYTES = 256 * 2**20
"""Of any file. GraphML and GEXF are read event by event, and need many bytes for a link."""

MAX_PARSED_BYTES = 64 * 2**20
"""Of a file in a format that is taken apart as a whole."""

MAX_EDGES = 1_000_000
MAX_ELEMENTS = 4_000_000
MAX_NAME = 1000
"""Characters in the name of an agent."""

MAX_DEPTH = 100
"""XML elements, or lists of GML, inside one another."""


def check_size(what: str, number: int, most: int) -> None:
    """Raise a `TopologyError` if there are more than `most`."""
    if number > most:
        raise TopologyError(f"expected at most {most:,} {what}, got more")
