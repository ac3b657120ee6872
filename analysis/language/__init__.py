"""Measures of a language: arrays of messages and of what they name go in, values with their nulls come out."""

from analysis.language.message_entropy import message_entropy
from analysis.language.topographic_similarity import topographic_similarity

__all__ = ["message_entropy", "topographic_similarity"]
