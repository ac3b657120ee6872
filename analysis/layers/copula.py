"""Mutual information between two layers by a Gaussian copula."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.emergence.estimators import Gaussian
from hubbub.analysis.validation import AT_LEAST_1, validated
from hubbub.simulator.errors import ConfigurationError, complaint

ROUNDING = 1e-10
"""A direction with less than this share of the squared norm of a layer is treated as constant."""


@validated(stated_shapes=True, components=AT_LEAST_1)
def copula_information(inputs: Real[np.ndarray, "M D"], outputs: Real[np.ndarray, "M H"], *, components: int) -> float:
    """Return the Gaussian-copula mutual information between two layers, in bits (Ince et al. 2017).

    Each layer is reduced to its first principal components, and each component is replaced by the normal scores of its
    ranks. This is a lower bound for variables with a density. A layer with finitely many values has no density, so the
    result can be larger than the entropy of the data.

    Parameters
    ----------
    inputs, outputs
        Activations of the two layers for M samples, `[M, D]` and `[M, H]`.
    components
        Largest number of principal components of each layer.

    Returns
    -------
    Bits. Infinite where components of one layer are linear functions of those of the other, NaN where they are linear
    functions of others of their own layer, 0 where a layer does not vary.

    Notes
    -----
    Deterministic; O(M D² + D³).
    """
    if 0 in (*inputs.shape, *outputs.shape):
        raise ConfigurationError(complaint("inputs", expected="shape [M, D], none of them 0", got=inputs.shape))
    left, right = (normal_scores(principal_components(of, components)) for of in (inputs, outputs))
    if not left.shape[1] or not right.shape[1]:
        return 0.0
    with np.errstate(invalid="ignore"):
        return float(Gaussian().informations([left], [right])[0, 0])


def principal_components(features: Real[np.ndarray, "M D"], components: int) -> Float[np.ndarray, "M d"]:
    """Return the principal components of features `[M, D]`, `[M, d]` with d ≤ `components`; constant ones left out."""
    centred = features - features.mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    kept = np.flatnonzero(values > ROUNDING * np.square(features).sum())[::-1][:components]
    found: np.ndarray = centred @ directions[:, kept]
    return found


def normal_scores(columns: Float[np.ndarray, "M d"]) -> Float[np.ndarray, "M d"]:
    """Return the normal quantiles of rank / (M + 1) of each column of columns `[M, d]`; ties get their mean rank."""
    from scipy.special import ndtri
    from scipy.stats import rankdata

    if not columns.shape[1]:
        return columns
    scores: np.ndarray = ndtri(rankdata(columns, axis=0) / (len(columns) + 1))
    return scores
