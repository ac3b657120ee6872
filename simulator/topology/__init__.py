"""Who may talk to whom: the communication graph, its generators, files and rewiring."""

from simulator.topology.catalogue import topology
from simulator.topology.graph import Topology

__all__ = ["Topology", "topology"]
