"""Percolation on bipartite graphs, and the step of a transition in a learning curve."""

from hubbub.analysis.percolation.bipartite import (
    critical_probability,
    giant_component,
    giant_shares,
    random_bipartite_graph,
)
from hubbub.analysis.percolation.transition import transition_step

__all__ = ["critical_probability", "giant_component", "giant_shares", "random_bipartite_graph", "transition_step"]
