"""Which graphs are allowed: one file per constraint, each a space of graphs with a first draw and a smallest move."""

from hubbub.simulator.search.constraints.catalogue import Constraint, constraint

__all__ = ["Constraint", "constraint"]
