"""Dialects: groups of agents with similar messages, who understands whom, and how both relate to the graph."""

from hubbub.analysis.dialects.agreement import Agreement, agreement
from hubbub.analysis.dialects.asymmetry import Asymmetry, intelligibility_asymmetry
from hubbub.analysis.dialects.border import BorderOrContinuum, border_or_continuum, dialect_border
from hubbub.analysis.dialects.clusters import Dialects, cluster
from hubbub.analysis.dialects.distance import ByDistance, by_distance, hop_distances
from hubbub.analysis.dialects.linked_pairs import LinkedPairs
from hubbub.analysis.dialects.mantel import mantel_test
from hubbub.analysis.dialects.over_time import (
    AgreementOverTime,
    DialectsOverTime,
    agreement_over_time,
    dialects_at,
    dialects_over_time,
)
from hubbub.analysis.dialects.pairs import pair_means
from hubbub.analysis.dialects.success import chance_success, success_matrix
from hubbub.analysis.dialects.zig_zag import ZigZag, zig_zag
from hubbub.analysis.language.similarity import Similarity, similarity, similarity_matrix

__all__ = [
    "Agreement",
    "AgreementOverTime",
    "Asymmetry",
    "BorderOrContinuum",
    "ByDistance",
    "Dialects",
    "DialectsOverTime",
    "LinkedPairs",
    "Similarity",
    "ZigZag",
    "agreement",
    "agreement_over_time",
    "border_or_continuum",
    "by_distance",
    "chance_success",
    "cluster",
    "dialect_border",
    "dialects_at",
    "dialects_over_time",
    "hop_distances",
    "intelligibility_asymmetry",
    "mantel_test",
    "pair_means",
    "similarity",
    "similarity_matrix",
    "success_matrix",
    "zig_zag",
]
