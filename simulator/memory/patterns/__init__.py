"""What a memory stores: images, fair coins or a user's array, one file each."""

from simulator.memory.patterns.catalogue import patterns

__all__ = ["patterns"]
