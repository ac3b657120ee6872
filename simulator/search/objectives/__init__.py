"""What makes a graph good: one file per objective."""

from simulator.search.objectives.catalogue import objective

__all__ = ["objective"]
