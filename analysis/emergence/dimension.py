"""The effective number of dimensions of activations: how evenly their variance is distributed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Real

from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated()
def participation_ratio(activations: Real[np.ndarray, "T d"]) -> Measure:
    """Return the participation ratio (Σ λ)² / Σ λ² of the eigenvalues λ of the covariance (Gao et al. 2017).

    It is d when all directions have the same variance, and 1 when only one direction varies. T samples of d independent
    units of equal variance give about d T / (d + T), so use T ≫ d. NaN with the reason for fewer than two samples, and
    where no unit varies. O(T d min(T, d)).

    Parameters
    ----------
    activations
        T samples of d units, `[T, d]`.

    Raises
    ------
    ConfigurationError
        Another number of axes, no unit, or values that are not finite.
    """
    return _of_spectrum(activations, "participation ratio", lambda shares: float(1 / (shares**2).sum()))


@validated()
def effective_rank(activations: Real[np.ndarray, "T d"]) -> Measure:
    """Return the effective rank exp H(λ / Σ λ) of the eigenvalues λ of the covariance.

    Roy & Vetterli (2007) define it with singular values in place of λ. It lies between the participation ratio and the
    rank. Parameters, NaN and errors as in `participation_ratio`.
    """

    def perplexity(shares: np.ndarray) -> float:
        positive = shares[shares > 0]
        return float(np.exp(-(positive * np.log(positive)).sum()))

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
