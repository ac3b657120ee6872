"""Information across the layers of a network: what three estimators say, and what the data alone says."""

from analysis.layers.copula import copula_information
from analysis.layers.data import Emergence, data_emergence
from analysis.layers.neural import NeuralInformation, neural_information
from analysis.layers.quantised import quantised_information

__all__ = [
    "Emergence",
    "NeuralInformation",
    "copula_information",
    "data_emergence",
    "neural_information",
    "quantised_information",
]
