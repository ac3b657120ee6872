"""What a search expects of a graph that it has not tried: ridge regression on features of the graphs that it has."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

MOST = 800
"""Number of the latest tries that the model is learned from."""
LEAST = 64
"""Number of tries below which it says nothing."""


class ValueModel:
    """Ridge regression of the value of a try on standardised features (Hoerl & Kennard 1970).

    It is learned from the tries of one search alone; `features [T, F]` and `values [T]` are its whole state. Its
    penalty is the square root of the number of tries over ten.
    """

    def __init__(self, features: Float[np.ndarray, "T F"], values: Float[np.ndarray, " T"]) -> None:
        self.features, self.values = features[-MOST:], values[-MOST:]

    @property
    def is_ready(self) -> bool:
        """Whether there are enough tries to learn from."""
        return len(self.values) >= LEAST

    def with_tries(self, features: Float[np.ndarray, "G F"], values: Float[np.ndarray, "G S"]) -> ValueModel:
        """Return the model that has learned from the values of G graphs, each tried S times."""
        repeated = np.repeat(features, values.shape[1], axis=0)
        return ValueModel(np.concatenate([self.features, repeated]), np.concatenate([self.values, values.ravel()]))

    def predict(self, features: Float[np.ndarray, "G F"]) -> Float[np.ndarray, " G"]:
        """Return the expected values `[G]` of graphs with these features."""
        centre, scale = self.features.mean(axis=0), self.features.std(axis=0) + 1e-6
        known = (self.features - centre) / scale
        level = self.values.mean()
        penalty = 0.1 * np.sqrt(len(known)) * np.eye(known.shape[1])
        # einsum adds in one order on every machine and with any number of threads, unlike a product of matrices
        gram = np.einsum("tf,tg->fg", known, known) + penalty
        weights = np.linalg.solve(gram, np.einsum("tf,t->f", known, self.values - level))
        return np.asarray(level + np.einsum("gf,f->g", (features - centre) / scale, weights))
