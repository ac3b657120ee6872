"""Heavy tails: one power-law fit for degrees, sizes and times between events, with all that can speak against it."""

from analysis.tails.comparison import LikelihoodRatio, compare
from analysis.tails.goodness import GoodnessOfFit, goodness_of_fit
from analysis.tails.grade import Evidence, Grade, scale_free_grade, weigh
from analysis.tails.power_law import PowerLaw, fit_power_law

__all__ = [
    "Evidence",
    "GoodnessOfFit",
    "Grade",
    "LikelihoodRatio",
    "PowerLaw",
    "compare",
    "fit_power_law",
    "goodness_of_fit",
    "scale_free_grade",
    "weigh",
]
