"""The invariant of training with a block kernel (Seleznova et al. 2023)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.collapse.block_kernel import BlockKernel
from hubbub.analysis.collapse.neural_collapse import balanced_classes, class_means
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(stated_shapes=True)
def collapse_invariant(
    weights: Float[np.ndarray, "C H"],
    features: Float[np.ndarray, "n H"],
    classes: Int[np.ndarray, " n"],
    kernel: BlockKernel,
) -> Float[np.ndarray, "H H"]:
    """Return the invariant E `[H, H]` of gradient flow on the squared error with a constant feature kernel.

    E = WᵀW − (m/λ_class) H₁H₁ᵀ − (1/λ_single) H₂H₂ᵀ + αC²(m/λ_class) h̄h̄ᵀ (Seleznova et al. 2023), where the columns of
    H₁ are the class means, H₂ are the features minus their class means, h̄ is the mean of all class means, and
    α = κ_n/(λ_single/m + κ_c + (C − 1)κ_n). E equals WᵀW − H A⁻¹ Hᵀ for the kernel A, so E = 0 where weights and
    features are balanced.

    Parameters
    ----------
    weights
        Weights W of the last layer, `[C, H]`.
    features
        Inputs of the last layer for n samples, `[n, H]`.
    classes
        Class of each sample, `[n]`, 0 … C − 1, the same number of samples in each.
    kernel
        Block approximation of the kernel of the features.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, a class outside of 0 … C − 1, or different numbers of samples.
    """
    return weights.T @ weights - _balance(weights, features, classes, kernel)


@validated(stated_shapes=True)
def invariant_alignment(
    weights: Float[np.ndarray, "C H"],
    features: Float[np.ndarray, "n H"],
    classes: Int[np.ndarray, " n"],
    kernel: BlockKernel,
) -> float:
    """Return the cosine between WᵀW and WᵀW − E; 1 where E = 0 (Seleznova et al. 2023).

    Parameters as in `collapse_invariant`.
    """
    gram, balance = weights.T @ weights, _balance(weights, features, classes, kernel)
    return float((gram * balance).sum() / (np.linalg.norm(gram) * np.linalg.norm(balance)))


def _balance(weights: np.ndarray, features: np.ndarray, classes: np.ndarray, kernel: BlockKernel) -> np.ndarray:
    m, n_classes = kernel.per_class, kernel.n_classes
    classes = balanced_classes(classes, n_classes)
    if len(weights) != n_classes:
        raise ConfigurationError(complaint("weights", expected=f"shape [{n_classes}, H]", got=weights.shape))
    means = class_means(features, classes, n_classes)
    deviations, overall = features - means[classes], means.mean(axis=0)
    alpha = kernel.other / (kernel.lambda_single / m + kernel.same_class + (n_classes - 1) * kernel.other)
    scale = m / kernel.lambda_class
    balance: np.ndarray = (
        scale * means.T @ means
        + deviations.T @ deviations / kernel.lambda_single
        - alpha * n_classes**2 * scale * np.outer(overall, overall)
    )
    return balance
