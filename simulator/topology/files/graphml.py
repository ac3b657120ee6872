"""GraphML."""

from __future__ import annotations

import networkx as nx

from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.formats import graph_format
from hubbub.simulator.topology.files.networkx_xml import read_xml
from hubbub.simulator.topology.files.options import ReadOptions


@graph_format("GraphML", suffixes=(".graphml",), looks=lambda head: b"<graphml" in head)
def read_graphml(data: bytes, options: ReadOptions) -> Contents:
    """Return the contents of a GraphML file."""
    return read_xml(data, root="graphml", reader=nx.read_graphml, format="GraphML")
