"""Who may talk to whom: the communication graph, its generators, files and rewiring."""

from hubbub.simulator.topology.build import build_topology, given_topology
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology

__all__ = ["Topology", "build_topology", "given_topology", "topology"]
