"""Associative memories: spins that relax to stored patterns, many copies side by side."""

from simulator.memory.catalogue import memory
from simulator.memory.copies import Copies, lay_out
from simulator.memory.networks import MemoryNetworks
from simulator.memory.patterns import patterns
from simulator.memory.settings import Dynamics, Grid, Recording

__all__ = ["Copies", "Dynamics", "Grid", "MemoryNetworks", "Recording", "lay_out", "memory", "patterns"]
