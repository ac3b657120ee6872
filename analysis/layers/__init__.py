"""Information across the layers of a network: what three estimators say, and what the data alone says."""

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
