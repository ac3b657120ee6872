"""Percolation on bipartite graphs, and the step of a transition in a learning curve."""

from analysis.percolation.bipartite import (
    critical_probability,
    giant_component,
    giant_shares,
    random_bipartite_graph,
)
from analysis.percolation.transition import transition_step

__all__ = ["critical_probability", "giant_component", "giant_shares", "random_bipartite_graph", "transition_step"]
