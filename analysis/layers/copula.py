"""Mutual information of two layers by a Gaussian copula."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.emergence.estimators import Gaussian

ROUNDING = 1e-10
"""Share of the squared size of a layer below which a direction does not vary."""


def copula_information(inputs: np.ndarray, outputs: np.ndarray, *, components: int) -> float:
    """Return the mutual information in bits of `inputs [M, D]` and `outputs [M, H]`, as if their copula were Gaussian.

    Of each layer the first principal `components` are taken, as far as it varies in so many directions, and each is
    replaced by normal scores of its ranks (Ince et al. 2017). A lower bound for variables with a density; a layer
    that takes finitely many values has none, so it may exceed the entropy of the data. Infinite where components of
    one layer are fixed by those of the other, not a number where they are by those of their own layer, 0 where a layer
    does not vary. O(M D² + D³).
    """
    left, right = (normal_scores(principal_components(of, components)) for of in (inputs, outputs))
    if not left.shape[1] or not right.shape[1]:
        return 0.0
    with np.errstate(invalid="ignore"):
        return float(Gaussian().informations([left], [right])[0, 0])


def principal_components(features: np.ndarray, components: int) -> np.ndarray:
    """Return the coordinates `[M, at most components]` along the directions in which features `[M, D]` vary most."""
    centred = features - features.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    kept = np.flatnonzero(values > ROUNDING * np.square(features).sum())[::-1][:components]
    found: np.ndarray = centred @ directions[:, kept]
    return found


def normal_scores(columns: np.ndarray) -> np.ndarray:
    """Return the quantiles of the normal distribution at the ranks of columns `[M, d]`, ties at their mean rank."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    if not columns.shape[1]:
        return columns
    scores: np.ndarray = ndtri(rankdata(columns, axis=0) / (len(columns) + 1))
    return scores
