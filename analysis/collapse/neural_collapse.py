"""The four signs of neural collapse (Papyan, Han & Donoho 2020)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class NeuralCollapse:
    """How far features are from collapse; all four are 0 when they have collapsed.

    Attributes
    ----------
    variability
        NC1: tr(Σ_W Σ_B⁺)/C, scatter within classes against scatter between their means.
    simplex
        NC2: distance of the normalised Gram matrix of centred class means from that of a simplex of equal sides.
    duality
        NC3: distance between the normalised weights and the normalised centred class means; √2 where they are at right
        angles.
    nearest_centre
        NC4: share of samples that the network names differently from the nearest class mean.
    """

    variability: float
    simplex: float
    duality: float
    nearest_centre: float


def neural_collapse(
    features: np.ndarray, classes: np.ndarray, weights: np.ndarray, biases: np.ndarray
) -> NeuralCollapse:
    """Return the signs of collapse of last-layer `features [N, H]` of `classes [N]`, as many samples in each.

    The network's outputs are `features` · `weights [C, H]`ᵀ + `biases [C]`. O(N H C + H³).
    """
    features, weights = np.asarray(features, dtype=float), np.asarray(weights, dtype=float)
    n_classes = len(weights)
    means = class_means(features, classes, n_classes)
    centred = means - means.mean(axis=0)
    apart = features - means[classes]
    within, between = apart.T @ apart / len(features), centred.T @ centred / n_classes
    gram = centred @ centred.T
    simplex = (np.eye(n_classes) - 1 / n_classes) / math.sqrt(n_classes - 1)
    named = (features @ weights.T + biases).argmax(axis=1)
    nearest = ((features[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    return NeuralCollapse(
        float(np.trace(within @ np.linalg.pinv(between, rcond=1e-8)) / n_classes),
        float(np.linalg.norm(gram / np.linalg.norm(gram) - simplex)),
        float(np.linalg.norm(weights / np.linalg.norm(weights) - centred / np.linalg.norm(centred))),
        float((named != nearest).mean()),
    )


def class_means(features: np.ndarray, classes: np.ndarray, n_classes: int) -> np.ndarray:
    """Return the mean features `[C, H]` of every class."""
    return np.stack([features[classes == label].mean(axis=0) for label in range(n_classes)])
