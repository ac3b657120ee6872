"""Dynamical independence: whether a coarse view of a process predicts itself as well as the whole process would."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.emergence.estimators import columns_of
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, estimated, future_shuffled
from hubbub.analysis.measure import Measure, undefined
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "linear Gaussian process of one step"


def dynamical_dependence(transfer: np.ndarray, noise: np.ndarray, projection: np.ndarray) -> float:
    """Return the bits a step of a process that its projection lacks for predicting itself (Barnett & Seth 2023).

    F = ½ log2 (det V / det L Σ Lᵀ): V is the covariance of the one-step error of the projection y = L x predicted from
    all its own past, L Σ Lᵀ that of its error predicted from all of x. 0: y is dynamically independent, a process in
    its own right. V solves a discrete Riccati equation; O(d³).

    Parameters
    ----------
    transfer
        A `[d, d]` of x_t = A x_{t−1} + ε_t, with all eigenvalues inside the unit circle.
    noise
        Σ `[d, d]`, the covariance of ε.
    projection
        L `[m, d]`, of rank m.
    """
    from scipy.linalg import solve_discrete_are

    seen = projection @ transfer
    floor = projection @ noise @ projection.T
    error = solve_discrete_are(transfer.T, seen.T, noise, floor, s=noise @ projection.T)
    own = seen @ error @ seen.T + floor
    return float(np.linalg.slogdet(own)[1] - np.linalg.slogdet(floor)[1]) / (2 * math.log(2))


def dynamical_independence(
    record: np.ndarray,
    projection: np.ndarray,
    *,
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return the dynamical dependence of a projection on the rest of a recorded process, in bits a step.

    A process of one step is fitted by least squares, and its `dynamical_dependence` returned: near the mean of the
    null where the projection is independent.

    Parameters
    ----------
    record
        `[T, d]`, T steps.
    projection
        L `[m, d]`, m < d: y = L x is the coarse view. Only the space that its rows span matters.
    generator
        Draws the shuffles; `np.random.default_rng(0)` when not given.
    shuffles
        Size of the null, in which the future is put in another order; 0 for none.

    NaN with the reason for fewer than 10 d² steps (the fit has d² numbers), and for a process that is not stationary.
    O(shuffles · (T d² + d³)).
    """
    values = columns_of(record, name="record").astype(np.float64)
    n_dimensions = values.shape[1]
    view = np.atleast_2d(np.asarray(projection, dtype=np.float64))
    if view.shape[1] != n_dimensions or not len(view) < n_dimensions or np.linalg.matrix_rank(view) < len(view):
        expected = f"shape [m, {n_dimensions}] of rank m < {n_dimensions}"
        raise ConfigurationError(complaint("projection", expected=expected, got=view.shape))
    centred = values - values.mean(axis=0)
    past = centred[:-1]

    def dependence(after: Variables) -> np.ndarray:
        transfer, noise = _fitted(past, after[0])
        return np.array([dynamical_dependence(transfer, noise, view)])

    n, needed = len(past), 10 * n_dimensions**2
    if n >= needed:
        if np.linalg.matrix_rank(past) < n_dimensions:
            return undefined("a variable does not vary, or others fix it", unit="bits", estimator=ESTIMATOR, n=n)
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
    """Return A and Σ of after = A before + ε by least squares."""
    transposed = np.linalg.lstsq(before, after, rcond=None)[0]
    return transposed.T, np.atleast_2d(np.cov(after - before @ transposed, rowvar=False))
