"""Graph files: GraphML, GEXF and edge lists, read with care and written for other tools."""

from hubbub.simulator.topology.files.read import read_topology
from hubbub.simulator.topology.files.write import write_gexf, write_graphml

__all__ = ["read_topology", "write_gexf", "write_graphml"]
