"""Concept space: the way that what is painted takes in it, and a linear model whose way is known."""

from hubbub.analysis.concepts.identity_mapping import (
    identity_learning_time,
    identity_map,
    identity_variances,
    probe_loss,
    tied_identity_maps,
)
from hubbub.analysis.concepts.trajectory import bend, reached

__all__ = [
    "bend",
    "identity_learning_time",
    "identity_map",
    "identity_variances",
    "probe_loss",
    "reached",
    "tied_identity_maps",
]
