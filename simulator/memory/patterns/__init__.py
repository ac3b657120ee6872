"""What a memory stores: images, random patterns or a user's array, one file each."""

from hubbub.simulator.memory.patterns.catalogue import patterns

__all__ = ["patterns"]
