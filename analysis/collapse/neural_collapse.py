"""The four properties NC1 … NC4 of neural collapse (Papyan, Han & Donoho 2020)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.arrays import below
from hubbub.analysis.grid import varies
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class NeuralCollapse:
    """Distance from neural collapse in four measures; all are 0 for collapsed features.

    Attributes
    ----------
    variability
        NC1: tr(Σ_W Σ_B⁺)/C, covariance within classes relative to the covariance of class means.
    simplex
        NC2: distance of the normalised Gram matrix of centred class means from that of a simplex equiangular tight
        frame.
    duality
        NC3: distance between the normalised weights and the normalised centred class means; √2 where they are
        orthogonal.
    nearest_centre
        NC4: share of samples that the network assigns to another class than that of the nearest class mean.
    reason
        Why the four are NaN; "" otherwise.
    """

    variability: float
    simplex: float
    duality: float
    nearest_centre: float
    reason: str = ""


@validated(stated_shapes=True)
def neural_collapse(
    features: Real[np.ndarray, "n H"],
    classes: Int[np.ndarray, " n"],
    weights: Real[np.ndarray, "C H"],
    biases: Real[np.ndarray, " C"],
) -> NeuralCollapse:
    """Return the four measures of neural collapse (Papyan, Han & Donoho 2020). O(n H C + H³).

    Parameters
    ----------
    features
        Inputs of the last layer for n samples, `[n, H]`.
    classes
        Class of each sample, `[n]`, 0 … C − 1, the same number of samples in each.
    weights, biases
        Last layer, `[C, H]` and `[C]`: the outputs of the network are features · weightsᵀ + biases.

    NaN with the reason where all class means are equal, or all weights are 0.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, fewer than two classes, a class outside of 0 … C − 1, or different numbers of samples.
    """
    features, weights = np.asarray(features, dtype=float), np.asarray(weights, dtype=float)
    n_classes = len(weights)
    classes = balanced_classes(classes, n_classes)
    means = class_means(features, classes, n_classes)
    centred = means - means.mean(axis=0)
    if not varies(means - means[0]) or not weights.any():
        nan = math.nan
        return NeuralCollapse(nan, nan, nan, nan, "all class means are equal, or all weights are 0")
    deviations = features - means[classes]
    within, between = deviations.T @ deviations / len(features), centred.T @ centred / n_classes
    gram = centred @ centred.T
    simplex = (np.eye(n_classes) - 1 / n_classes) / math.sqrt(n_classes - 1)
    assigned = (features @ weights.T + biases).argmax(axis=1)
    nearest = ((features[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    return NeuralCollapse(
        float(np.trace(within @ np.linalg.pinv(between, rcond=1e-8)) / n_classes),
        float(np.linalg.norm(gram / np.linalg.norm(gram) - simplex)),
        float(np.linalg.norm(weights / np.linalg.norm(weights) - centred / np.linalg.norm(centred))),
        float((assigned != nearest).mean()),
    )


def balanced_classes(classes: Int[np.ndarray, " n"], n_classes: int) -> Int[np.ndarray, " n"]:
    """Return the classes of n samples, `[n]`: the same number of samples, one or more, of each of 0 … C − 1.

    Raises
    ------
    ConfigurationError
        Fewer than two classes, a class outside of 0 … C − 1, or different numbers of samples.
    """
    if n_classes < 2:
        raise ConfigurationError(complaint("classes", expected="two classes or more", got=n_classes))
    numbers = below(classes, n_classes, name="classes")
    counts = np.bincount(numbers, minlength=n_classes)
    if counts.min() != counts.max() or not counts[0]:
        expected = f"the same number of samples in each of {n_classes} classes"
        raise ConfigurationError(complaint("classes", expected=expected, got=counts.tolist()))
    return numbers


def class_means(
    features: Real[np.ndarray, "n H"], classes: Int[np.ndarray, " n"], n_classes: int
) -> Float[np.ndarray, "C H"]:
    """Return the mean features of every class, `[C, H]`, of features `[n, H]` with classes `[n]`."""
    return np.stack([features[classes == label].mean(axis=0) for label in range(n_classes)])
