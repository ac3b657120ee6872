"""The invariant of training with a block kernel (Seleznova et al. 2023)."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.collapse.block_kernel import BlockKernel
from hubbub.analysis.collapse.neural_collapse import class_means


def collapse_invariant(
    weights: np.ndarray, features: np.ndarray, classes: np.ndarray, kernel: BlockKernel
) -> np.ndarray:
    """Return E `[H, H]`, which gradient flow on the squared error conserves while the feature kernel stays `kernel`.

    E = WᵀW − (m/λ_class) H₁H₁ᵀ − (1/λ_single) H₂H₂ᵀ + αC²(m/λ_class) h̄h̄ᵀ for last-layer `weights [C, H]` and
    `features [N, H]`: H₁ class means, H₂ what remains, h̄ the mean of all, and α = κ_n/(λ_single/m + κ_c + (C − 1)κ_n).
    It is WᵀW − H A⁻¹ Hᵀ for the kernel A, so it vanishes where weights and features are balanced.
    """
    return weights.T @ weights - _balance(features, classes, kernel)


def invariant_alignment(weights: np.ndarray, features: np.ndarray, classes: np.ndarray, kernel: BlockKernel) -> float:
    """Return the cosine of WᵀW with the part of E that it is balanced by; 1 where E = 0."""
    own, balance = weights.T @ weights, _balance(features, classes, kernel)
    return float((own * balance).sum() / (np.linalg.norm(own) * np.linalg.norm(balance)))


def _balance(features: np.ndarray, classes: np.ndarray, kernel: BlockKernel) -> np.ndarray:
    m, n_classes = kernel.per_class, kernel.n_classes
    means = class_means(features, classes, n_classes)
    apart, overall = features - means[classes], means.mean(axis=0)
    alpha = kernel.other / (kernel.lambda_single / m + kernel.same_class + (n_classes - 1) * kernel.other)
    scale = m / kernel.lambda_class
    balance: np.ndarray = (
        scale * means.T @ means
        + apart.T @ apart / kernel.lambda_single
        - alpha * n_classes**2 * scale * np.outer(overall, overall)
    )
    return balance
