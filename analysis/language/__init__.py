"""Measures of a language: arrays of messages and of what they name go in, values with their nulls come out."""

from analysis.language.abbreviation import abbreviation
from analysis.language.bag_of_symbols_disentanglement import bag_of_symbols_disentanglement
from analysis.language.causal_influence import causal_influence
from analysis.language.context_independence import context_independence
from analysis.language.distinct_messages import distinct_messages
from analysis.language.listener_synchrony import listener_synchrony
from analysis.language.message_entropy import message_entropy
from analysis.language.message_length import message_length
from analysis.language.position_entropy import position_entropy
from analysis.language.positional_disentanglement import positional_disentanglement
from analysis.language.positive_listening import positive_listening
from analysis.language.positive_signalling import positive_signalling
from analysis.language.speaker_synchrony import speaker_synchrony
from analysis.language.symbol_entropy import symbol_entropy
from analysis.language.topographic_similarity import topographic_similarity
from analysis.language.vocabulary_use import vocabulary_use

__all__ = [
    "abbreviation",
    "bag_of_symbols_disentanglement",
    "causal_influence",
    "context_independence",
    "distinct_messages",
    "listener_synchrony",
    "message_entropy",
    "message_length",
    "position_entropy",
    "positional_disentanglement",
    "positive_listening",
    "positive_signalling",
    "speaker_synchrony",
    "symbol_entropy",
    "topographic_similarity",
    "vocabulary_use",
]
