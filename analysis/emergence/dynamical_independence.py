"""Dynamical independence: whether a projection of a process predicts itself as well as the whole process does."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Real

from hubbub.analysis.emergence.estimators import columns_of
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, estimated, future_shuffled
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "linear Gaussian process of one step"


@validated(stated_shapes=True)
def dynamical_dependence(
    transfer: Real[np.ndarray, "d d"], noise: Real[np.ndarray, "d d"], projection: Real[np.ndarray, "m d"]
) -> float:
    """Return the dynamical dependence of a projection of a linear process, in bits per step (Barnett & Seth 2023).

    F = ½ log2 (det V / det L Σ Lᵀ). V is the covariance of the one-step error when the projection y = L x is predicted
    from all its own past; L Σ Lᵀ is that when it is predicted from the past of all of x. F = 0 means that y is
    dynamically independent of x. V solves a discrete algebraic Riccati equation; O(d³).

    Parameters
    ----------
    transfer
        A `[d, d]` of x_t = A x_{t−1} + ε_t, with all eigenvalues inside the unit circle.
    noise
        Σ `[d, d]`, the covariance of ε.
    projection
        L `[m, d]`, of rank m.

    Raises
    ------
    numpy.linalg.LinAlgError
        The Riccati equation has no stable solution.
    """
    from scipy.linalg import solve_discrete_are

    observed = projection @ transfer
    from_all = projection @ noise @ projection.T
    error = solve_discrete_are(transfer.T, observed.T, noise, from_all, s=noise @ projection.T)
    from_own_past = observed @ error @ observed.T + from_all
    return float(np.linalg.slogdet(from_own_past)[1] - np.linalg.slogdet(from_all)[1]) / (2 * math.log(2))


@validated()
def dynamical_independence(
    record: Real[np.ndarray, "T d"],
    projection: Real[np.ndarray, "m d"],
    *,
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return the dynamical dependence of a projection of a recorded process, in bits per step (Barnett & Seth 2023).

    A linear autoregressive process of order 1 is fitted by least squares, and its `dynamical_dependence` is returned.
    A value near the mean of the null means that the projection is dynamically independent.

    Parameters
    ----------
    record
        T steps of d variables, `[T, d]`.
    projection
        L `[m, d]` of rank m < d: y = L x. Only the space that the rows of L span matters.
    generator
        Draws the shuffles; `np.random.default_rng(0)` when not given.
    shuffles
        Number of values of the null, in which the future has a random order; 0 for no null.

    Returns
    -------
    Measure
        NaN with the reason for fewer than 10 d² steps (the fit has d² parameters), for variables that do not vary or
        are functions of others, and for a process that is not stationary.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, a projection of lower rank, or values that are not finite.

    Notes
    -----
    O(shuffles · (T d² + d³)).
    """
    values = columns_of(record, name="record").astype(np.float64)
    n_dimensions = values.shape[1]
    matrix = np.atleast_2d(np.asarray(projection, dtype=np.float64))
    if matrix.shape[1] != n_dimensions or not len(matrix) < n_dimensions or np.linalg.matrix_rank(matrix) < len(matrix):
        expected = f"shape [m, {n_dimensions}] of rank m < {n_dimensions}"
        raise ConfigurationError(complaint("projection", expected=expected, got=matrix.shape))
    centred = values - values.mean(axis=0)
    past = centred[:-1]

    def dependence(after: Variables) -> np.ndarray:
        transfer, noise = _fitted(past, after[0])
        return np.array([dynamical_dependence(transfer, noise, matrix)])

    n, needed = len(past), 10 * n_dimensions**2
    if n >= needed:
        if np.linalg.matrix_rank(past) < n_dimensions:
            return undefined(
                "a variable does not vary, or is a function of others", unit="bits", estimator=ESTIMATOR, n=n
            )
        if np.abs(np.linalg.eigvals(_fitted(past, centred[1:])[0])).max() >= 1:
            return undefined("the process is not stationary", unit="bits", estimator=ESTIMATOR, n=n)
    [measure] = estimated(
        dependence,
        [centred[1:]],
        n_values=1,
        shuffle=future_shuffled,
        estimator=ESTIMATOR,
        samples_needed=needed,
        generator=generator,
        shuffles=shuffles,
    )
    return measure


def _fitted(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return A `[d, d]` and Σ `[d, d]` of after = A before + ε, by least squares over `[T, d]`."""
    transposed = np.linalg.lstsq(before, after, rcond=None)[0]
    return transposed.T, np.atleast_2d(np.cov(after - before @ transposed, rowvar=False))
