"""A graph from a file."""

from __future__ import annotations

from pathlib import Path

from simulator.topology.catalogue import topology
from simulator.topology.files import read_topology
from simulator.topology.graph import Topology


@topology("file")
def file(path: Path, *, directed: bool | None = None) -> Topology:
    """Return the graph of a GraphML, GEXF or edge-list file, with its names, attributes, weights and positions.

    `directed` says whether a line "source target" of an edge list is one edge or, by default, a link both
    ways; the other formats say it themselves. See `simulator.topology.files.read_topology`.
    """
    return read_topology(path, directed=directed)
