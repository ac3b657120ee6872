"""A graph from a file."""

from __future__ import annotations

from pathlib import Path

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.files import read_topology
from hubbub.simulator.topology.graph import Topology


@topology("file")
def file(path: Path, *, directed: bool | None = None) -> Topology:
    """Return the graph of a GraphML, GEXF or edge-list file, with its names, attributes, weights and positions.

    `directed` says whether a line "source target" of an edge list is one edge or, by default, a link both
    ways; the other formats say it themselves. See `hubbub.simulator.topology.files.read_topology`.
    """
    return read_topology(path, directed=directed)
