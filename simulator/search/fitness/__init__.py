"""Whose success makes a graph good while a search goes on: one file per kind of fitness."""

from hubbub.simulator.search.fitness.catalogue import fitness

__all__ = ["fitness"]
