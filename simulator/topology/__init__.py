"""Who may talk to whom: the communication graph, its generators, files and rewiring."""

from simulator.topology.build import build_topology
from simulator.topology.catalogue import topology
from simulator.topology.graph import Topology

__all__ = ["Topology", "build_topology", "topology"]
