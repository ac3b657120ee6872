"""The zeta distribution: logarithm of the Hurwitz zeta function and moments of ln x, without overflow."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

TERMS = 12


def zeta_moments(
    alpha: Float[np.ndarray, " ..."], first: Float[np.ndarray, " ..."]
) -> tuple[Float[np.ndarray, " ..."], Float[np.ndarray, " ..."], Float[np.ndarray, " ..."]]:
    """Return ln[first^α ζ(α, first)], and mean and variance of ln(x / first) for p(x) ∝ x^−α on x = first, first + 1 …

    Both arguments broadcast. Euler–Maclaurin formula: twelve terms are summed, the rest is an integral with its first
    corrections; the relative error is below 1e-9 for every α > 1.
    """
    k = np.arange(TERMS).reshape(-1, *[1] * np.broadcast(alpha, first).ndim)
    logs = np.log1p(k / first)
    terms = np.exp(-alpha * logs)
    after, log_after = _remainder(alpha, first)
    slope = -after / (alpha - 1) ** 2 + 1 / (12 * after) - (3 * alpha * (alpha + 2) + 2) / (720 * after**3)
    bend = 2 * after / (alpha - 1) ** 3 - (alpha + 1) / (120 * after**3)
    rest = _corrections(alpha, after)
    weight = np.exp(-alpha * log_after)
    total = terms.sum(axis=0) + weight * rest
    mean = ((terms * logs).sum(axis=0) + weight * (log_after * rest - slope)) / total
    square = (terms * logs**2).sum(axis=0) + weight * (log_after**2 * rest - 2 * log_after * slope + bend)
    return np.log(total), mean, square / total - mean**2


def log_zeta(alpha: Float[np.ndarray, " ..."], first: Float[np.ndarray, " ..."]) -> Float[np.ndarray, " ..."]:
    """Return ln[first^α ζ(α, first)] alone; the arguments broadcast."""
    after, log_after = _remainder(alpha, first)
    total = np.exp(-alpha * log_after) * _corrections(alpha, after) + 1
    for k in range(1, TERMS):
        total += np.exp(-alpha * np.log1p(k / first))
    return np.log(total)


def _remainder(
    alpha: Float[np.ndarray, " ..."], first: Float[np.ndarray, " ..."]
) -> tuple[Float[np.ndarray, " ..."], Float[np.ndarray, " ..."]]:
    return first + TERMS, np.log1p(TERMS / first)


def _corrections(alpha: Float[np.ndarray, " ..."], after: Float[np.ndarray, " ..."]) -> Float[np.ndarray, " ..."]:
    bernoulli = alpha / (12 * after) - alpha * (alpha + 1) * (alpha + 2) / (720 * after**3)
    return after / (alpha - 1) + 0.5 + bernoulli
