"""GEXF."""

from __future__ import annotations

import networkx as nx

from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.networkx_xml import read_xml
from hubbub.simulator.topology.files.options import ReadOptions


@graph_format("GEXF", suffixes=(".gexf",), looks=lambda head: b"<gexf" in head)
def read_gexf(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a GEXF file."""
    return read_xml(data, root="gexf", reader=nx.read_gexf, format="GEXF")
