"""Heavy tails: one power-law fit for degrees, sizes and inter-event times, its goodness of fit and its alternatives."""

from hubbub.analysis.tails.comparison import LikelihoodRatio, compare
from hubbub.analysis.tails.goodness import GoodnessOfFit, goodness_of_fit
from hubbub.analysis.tails.grade import Evidence, Grade, scale_free_evidence, scale_free_grade
from hubbub.analysis.tails.power_law import PowerLaw, fit_power_law, fit_sizes

__all__ = [
    "Evidence",
    "GoodnessOfFit",
    "Grade",
    "LikelihoodRatio",
    "PowerLaw",
    "compare",
    "fit_power_law",
    "fit_sizes",
    "goodness_of_fit",
    "scale_free_evidence",
    "scale_free_grade",
]
