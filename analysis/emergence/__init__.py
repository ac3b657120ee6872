"""Measures of emergence: paths in a network, information in a record, structure in a distribution or a loss."""

from hubbub.analysis.emergence.causal_emergence import CausalEmergence, causal_emergence, coarse_grained
from hubbub.analysis.emergence.complexity import jensen_shannon_complexity, lmc_complexity
from hubbub.analysis.emergence.counting import Counting, PathEmergence
from hubbub.analysis.emergence.dense_paths import closed_form_paths, path_emergence_stack
from hubbub.analysis.emergence.dimension import effective_rank, participation_ratio
from hubbub.analysis.emergence.dynamical_independence import dynamical_dependence, dynamical_independence
from hubbub.analysis.emergence.effective_information import (
    EffectiveInformation,
    effective_information,
    estimated_effective_information,
)
from hubbub.analysis.emergence.information_decomposition import Decomposition, integrated_information_decomposition
from hubbub.analysis.emergence.local_learning_coefficient import local_learning_coefficient, local_learning_coefficients
from hubbub.analysis.emergence.o_information import dual_total_correlation, o_information, total_correlation
from hubbub.analysis.emergence.path_emergence import path_emergence
from hubbub.analysis.emergence.pruning_curve import PruningCurve, magnitude_pruned, pruning_curve
from hubbub.analysis.emergence.psi_delta_gamma import PsiDeltaGamma, psi_delta_gamma
from hubbub.analysis.emergence.speaking_paths import speaking_path_emergence, speaking_states

__all__ = [
    "CausalEmergence",
    "Counting",
    "Decomposition",
    "EffectiveInformation",
    "PathEmergence",
    "PruningCurve",
    "PsiDeltaGamma",
    "causal_emergence",
    "closed_form_paths",
    "coarse_grained",
    "dual_total_correlation",
    "dynamical_dependence",
    "dynamical_independence",
    "effective_information",
    "effective_rank",
    "estimated_effective_information",
    "integrated_information_decomposition",
    "jensen_shannon_complexity",
    "lmc_complexity",
    "local_learning_coefficient",
    "local_learning_coefficients",
    "magnitude_pruned",
    "o_information",
    "participation_ratio",
    "path_emergence",
    "path_emergence_stack",
    "pruning_curve",
    "psi_delta_gamma",
    "speaking_path_emergence",
    "speaking_states",
    "total_correlation",
]
