"""Learning to copy clusters that lie along axes, with a probe where no cluster is (Yang et al. 2024).

The structured identity mapping: s clusters around μ_p e_p, each with s.d. σ in every direction; the probe is Σ μ_p e_p.
A map W is learnt by gradient flow on ½ E‖Wx − x‖²; along axis p the data have the second moment a_p = μ_p²/s + σ².
"""

from __future__ import annotations

import numpy as np


def identity_variances(signals: np.ndarray, spread: float) -> np.ndarray:
    """Return the second moments a_p = μ_p²/s + σ² `[s]` for clusters at `signals [s]` with s.d. `spread`."""
    signals = np.asarray(signals, dtype=float)
    return np.asarray(signals**2 / len(signals) + spread**2)


def identity_map(time: np.ndarray | float, variances: np.ndarray, *, initial: np.ndarray) -> np.ndarray:
    """Return the map `[…, s, s]` of one layer after `time […]`: 1 + (W₀ − 1) exp(−A t), A = diag(a).

    It solves dW/dt = (1 − W) A from `initial [s, s]`: the column of every axis is learnt at a rate of its own.
    """
    left = np.exp(-np.asarray(time, dtype=float)[..., None] * np.asarray(variances))
    one = np.eye(len(variances))
    return np.asarray(one + (np.asarray(initial) - one) * left[..., None, :])


def identity_learning_time(share: float, variances: np.ndarray | float) -> np.ndarray:
    """Return the time at which one layer has learnt `share` of an axis: −ln(1 − share)/a_p, so ln 5/a_p for .8."""
    return np.asarray(-np.log1p(-share) / np.asarray(variances))


def tied_identity_maps(times: np.ndarray, variances: np.ndarray, *, initial: np.ndarray) -> np.ndarray:
    """Return the maps W = UUᵀ `[T, s, s]` of two tied layers at ascending `times [T]` from the first on.

    Integrates dU/dt = AU − ½(AWU + WAU), the gradient flow of half the loss, as it moves W, from a symmetric, positive
    `initial` W₀.
    """
    from scipy.integrate import solve_ivp

    matrix, n = np.diag(variances), len(variances)

    def change(_: float, flat: np.ndarray) -> np.ndarray:
        w = flat.reshape(n, n)
        half = matrix @ w - (matrix @ w @ w + w @ matrix @ w) / 2
        return np.asarray((half + half.T).ravel())

    span = float(times[0]), float(times[-1])
    start = np.asarray(initial, dtype=float).ravel()
    found = solve_ivp(change, span, start, t_eval=times, rtol=1e-9, atol=1e-11)
    return np.asarray(found.y.T.reshape(-1, n, n))


def probe_loss(maps: np.ndarray, probe: np.ndarray) -> np.ndarray:
    """Return ½‖Wx − x‖² `[…]` of maps `[…, s, s]` at the `probe [s]`."""
    return np.asarray(((maps @ probe - probe) ** 2).sum(axis=-1) / 2)
