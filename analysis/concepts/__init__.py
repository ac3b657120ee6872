"""Concept space: the path of generated pictures during training, and a linear model with a known path."""

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
