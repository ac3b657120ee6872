"""Dialects: who talks like whom, who understands whom, and where on the graph the borders run."""

from analysis.dialects.agreement import Agreement, agreement
from analysis.dialects.clusters import Dialects, cluster
from analysis.dialects.distance import ByDistance, by_distance, hop_distances
from analysis.dialects.over_time import (
    AgreementOverTime,
    DialectsOverTime,
    agreement_over_time,
    dialects_over_time,
)
from analysis.dialects.pairs import pair_means
from analysis.dialects.similarity import Similarity, similarity, similarity_matrix
from analysis.dialects.success import success_matrix

__all__ = [
    "Agreement",
    "AgreementOverTime",
    "ByDistance",
    "Dialects",
    "DialectsOverTime",
    "Similarity",
    "agreement",
    "agreement_over_time",
    "by_distance",
    "cluster",
    "dialects_over_time",
    "hop_distances",
    "pair_means",
    "similarity",
    "similarity_matrix",
    "success_matrix",
]
