"""In how many dimensions activity lives: how evenly its variance is spread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hubbub.analysis.measure import Measure, undefined
from hubbub.simulator.errors import ConfigurationError, complaint


def participation_ratio(activations: np.ndarray) -> Measure:
    """Return (Σ λ)² / Σ λ² of the covariance of activations `[T, d]`: d when all directions vary alike, 1 for one.

    T samples of d independent units of equal variance give about d T / (d + T), so take T ≫ d. NaN with the reason
    for fewer than two samples and where nothing varies. O(T d min(T, d)).
    """
    return _of_spectrum(activations, "participation ratio", lambda shares: float(1 / (shares**2).sum()))


def effective_rank(activations: np.ndarray) -> Measure:
    """Return exp H(λ / Σ λ) of the covariance of activations `[T, d]` (Roy & Vetterli 2007, there of singular values).

    Between the participation ratio and the rank. NaN with the reason as in `participation_ratio`.
    """

    def perplexity(shares: np.ndarray) -> float:
        seen = shares[shares > 0]
        return float(np.exp(-(seen * np.log(seen)).sum()))

    return _of_spectrum(activations, "effective rank", perplexity)


def _of_spectrum(activations: np.ndarray, name: str, dimensions: Callable[[np.ndarray], float]) -> Measure:
    values = np.asarray(activations, dtype=np.float64)
    if values.ndim != 2 or not values.shape[1]:
        raise ConfigurationError(complaint("activations", expected="shape [T, d], d ≥ 1", got=values.shape))
    if not np.isfinite(values).all():
        wrong = np.count_nonzero(~np.isfinite(values))
        raise ConfigurationError(f"activations: expected finite numbers, got {wrong} others")
    estimator = f"{name} of the covariance"
    n = len(values)
    if n < 2:
        return undefined(f"{n} samples, at least 2 needed", unit="dimensions", estimator=estimator, n=n)
    if not np.ptp(values, axis=0).any():
        return undefined("no unit varies", unit="dimensions", estimator=estimator, n=n)
    variances = np.linalg.svd(values - values.mean(axis=0), compute_uv=False) ** 2
    return Measure(dimensions(variances / variances.sum()), "dimensions", estimator, n)
