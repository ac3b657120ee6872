"""Associative memories: spins that move towards stored patterns, many copies side by side."""

from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.copies import Copies, lay_out
from hubbub.simulator.memory.networks import MemoryNetworks
from hubbub.simulator.memory.patterns import patterns
from hubbub.simulator.memory.settings import Dynamics, Grid, Recording

__all__ = ["Copies", "Dynamics", "Grid", "MemoryNetworks", "Recording", "lay_out", "memory", "patterns"]
