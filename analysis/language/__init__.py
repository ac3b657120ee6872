"""Measures of a language: functions of messages and the referents they name; each value comes with its null."""

from hubbub.analysis.language.abbreviation import abbreviation
from hubbub.analysis.language.bag_of_symbols_disentanglement import bag_of_symbols_disentanglement
from hubbub.analysis.language.causal_influence import causal_influence
from hubbub.analysis.language.context_independence import context_independence
from hubbub.analysis.language.distinct_messages import distinct_messages
from hubbub.analysis.language.listener_synchrony import listener_synchrony
from hubbub.analysis.language.message_entropy import message_entropy
from hubbub.analysis.language.message_length import message_length
from hubbub.analysis.language.position_entropy import position_entropy
from hubbub.analysis.language.positional_disentanglement import positional_disentanglement
from hubbub.analysis.language.positive_listening import positive_listening
from hubbub.analysis.language.positive_signalling import positive_signalling
from hubbub.analysis.language.similarity import Similarity, similarity, similarity_matrix
from hubbub.analysis.language.speaker_synchrony import speaker_synchrony
from hubbub.analysis.language.symbol_entropy import symbol_entropy
from hubbub.analysis.language.topographic_similarity import topographic_similarity
from hubbub.analysis.language.vocabulary_use import vocabulary_use

__all__ = [
    "Similarity",
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
    "similarity",
    "similarity_matrix",
    "speaker_synchrony",
    "symbol_entropy",
    "topographic_similarity",
    "vocabulary_use",
]
