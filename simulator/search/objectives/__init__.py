"""What makes a graph good: one file per objective."""

from hubbub.simulator.search.objectives.catalogue import objective

__all__ = ["objective"]
