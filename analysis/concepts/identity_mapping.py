"""Structured identity mapping: a linear map learns to copy its input, and is tested on unseen data (Yang et al. 2024).

The data are s clusters with centres μ_p e_p on the axes, each with standard deviation σ in every direction. The test
point, which lies in no cluster, is Σ μ_p e_p. A map W is learnt by gradient flow on ½ E‖Wx − x‖². Along axis p the data
have the second moment a_p = μ_p²/s + σ².
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.validation import ANY, NOT_NEGATIVE, POSITIVE, SHARE_BELOW_1, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(stated_shapes=True, signals=ANY, spread=NOT_NEGATIVE)
def identity_variances(signals: Real[np.ndarray, " s"], spread: float) -> Float[np.ndarray, " s"]:
    """Return the second moments a_p = μ_p²/s + σ² of the data along each axis, `[s]` (Yang et al. 2024).

    `signals [s]` are the distances μ_p of the clusters from the origin; `spread` is their standard deviation σ.
    """
    signals = np.asarray(signals, dtype=float)
    return np.asarray(signals**2 / len(signals) + spread**2)


@validated(stated_shapes=True, time=NOT_NEGATIVE, variances=NOT_NEGATIVE)
def identity_map(
    time: Real[np.ndarray, "*times"] | float, variances: Real[np.ndarray, " s"], *, initial: Real[np.ndarray, "s s"]
) -> Float[np.ndarray, "*times s s"]:
    """Return the map W(t) = 1 + (W₀ − 1) exp(−A t) of one linear layer, `[…, s, s]`, A = diag(a) (Yang et al. 2024).

    It solves dW/dt = (1 − W) A: each column of W converges with its own rate a_p.

    Parameters
    ----------
    time
        One time t, or times `[…]`.
    variances
        Second moments a_p, `[s]`.
    initial
        W₀, `[s, s]`.
    """
    left = np.exp(-np.asarray(time, dtype=float)[..., None] * np.asarray(variances))
    one = np.eye(len(variances))
    return np.asarray(one + (np.asarray(initial) - one) * left[..., None, :])


@validated(share=SHARE_BELOW_1, variances=POSITIVE)
def identity_learning_time(share: float, variances: Real[np.ndarray, "*shape"] | float) -> Float[np.ndarray, "*shape"]:
    """Return the time at which one layer has learnt a share of an axis: −ln(1 − share)/a_p (from `identity_map`).

    `variances` are second moments a_p, one number or an array; the times have the same shape. `share` is below 1; for
    .8 the time is ln 5/a_p.
    """
    return np.asarray(-np.log1p(-share) / np.asarray(variances))


@validated(stated_shapes=True, variances=NOT_NEGATIVE)
def tied_identity_maps(
    times: Real[np.ndarray, " T"], variances: Real[np.ndarray, " s"], *, initial: Real[np.ndarray, "s s"]
) -> Float[np.ndarray, "T s s"]:
    """Return the maps W = UUᵀ of two layers with tied weights at each time, `[T, s, s]` (Yang et al. 2024).

    The gradient flow dU/dt = AU − ½(AWU + WAU) is integrated numerically, as an equation for W (relative tolerance
    1e-9).

    Parameters
    ----------
    times
        Ascending times, `[T]`; the first is that of `initial`.
    variances
        Second moments a_p, `[s]`; A = diag(a).
    initial
        W₀, `[s, s]`, symmetric and positive definite.

    Raises
    ------
    ConfigurationError
        Times that do not ascend.
    """
    from scipy.integrate import solve_ivp

    if not len(times) or not (np.diff(times) > 0).all():
        raise ConfigurationError(complaint("times", expected="one or more, ascending", got=times.tolist()))
    matrix, n = np.diag(variances), len(variances)

    def change(_: float, flat: np.ndarray) -> np.ndarray:
        w = flat.reshape(n, n)
        half = matrix @ w - (matrix @ w @ w + w @ matrix @ w) / 2
        return np.asarray((half + half.T).ravel())

    span = float(times[0]), float(times[-1])
    start = np.asarray(initial, dtype=float).ravel()
    found = solve_ivp(change, span, start, t_eval=times, rtol=1e-9, atol=1e-11)
    return np.asarray(found.y.T.reshape(-1, n, n))


@validated(stated_shapes=True)
def probe_loss(maps: Real[np.ndarray, "*batch s s"], probe: Real[np.ndarray, " s"]) -> Float[np.ndarray, "*batch"]:
    """Return the loss ½‖Wx − x‖² of maps W `[…, s, s]` at the test point x `[s]`, `[…]`."""
    return np.asarray(((maps @ probe - probe) ** 2).sum(axis=-1) / 2)
