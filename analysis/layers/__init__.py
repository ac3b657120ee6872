"""Mutual information between layers of a network: three estimators, and the value that follows from the data alone."""

from hubbub.analysis.layers.copula import copula_information
from hubbub.analysis.layers.data import Emergence, data_emergence
from hubbub.analysis.layers.neural import NeuralInformation, neural_information
from hubbub.analysis.layers.quantised import quantised_information

__all__ = [
    "Emergence",
    "NeuralInformation",
    "copula_information",
    "data_emergence",
    "neural_information",
    "quantised_information",
]
