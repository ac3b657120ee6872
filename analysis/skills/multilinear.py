"""Closed-form solution of the multilinear model of skills (Nam, Fonseca, Lee, Mingard & Louis 2024)."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.validation import AT_LEAST_1, BETWEEN_0_AND_1, NOT_NEGATIVE, POSITIVE, validated


@validated(n_skills=AT_LEAST_1, exponent=POSITIVE)
def skill_frequencies(n_skills: int, exponent: float) -> Float[np.ndarray, " n_skills"]:
    """Return the probabilities of the skills k = 1 … n, `[n_skills]`, proportional to k^−(`exponent` + 1)."""
    weights = np.arange(1, n_skills + 1, dtype=float) ** -(exponent + 1)
    return np.asarray(weights / weights.sum())


@validated(
    stated_shapes=True,
    time=NOT_NEGATIVE,
    frequency=NOT_NEGATIVE,
    initial=BETWEEN_0_AND_1,
    learning_rate=POSITIVE,
    target=POSITIVE,
)
def skill_strength(
    time: Real[np.ndarray, "*#shape"] | float,
    frequency: Real[np.ndarray, "*#shape"] | float,
    *,
    initial: float,
    learning_rate: float,
    target: float = 1.0,
) -> Float[np.ndarray, " ..."]:
    """Return the relative strength R(T)/S of a skill: 1/(1 + (S/R(0) − 1) exp(−2η f S T)) (Nam et al. 2024).

    It solves dR/dT = 2 η f R (S − R). This is gradient flow with learning rate η on the loss f (R − S)²/2 with R = a·b
    and a = b.

    Parameters
    ----------
    time, frequency
        Training time T, and probability f of the skill in the data. Arrays broadcast against each other.
    initial
        R(0)/S, between 0 and 1.
    learning_rate, target
        η, and S, the strength at which the loss is 0.

    Returns
    -------
    Strengths of the broadcast shape.
    """
    rate = 2 * learning_rate * np.asarray(frequency) * target
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + (1 / initial - 1) * np.exp(-rate * np.asarray(time))))


@validated(
    strength=BETWEEN_0_AND_1, frequency=POSITIVE, initial=BETWEEN_0_AND_1, learning_rate=POSITIVE, target=POSITIVE
)
def learning_time(
    strength: float,
    frequency: Real[np.ndarray, "*shape"] | float,
    *,
    initial: float,
    learning_rate: float,
    target: float = 1.0,
) -> Float[np.ndarray, "*shape"]:
    """Return the time at which `skill_strength` reaches `strength`, a number between `initial` and 1.

    Other parameters as in `skill_strength`. A time for each frequency.
    """
    odds = np.log(strength / (1 - strength)) - np.log(initial / (1 - initial))
    return np.asarray(odds / (2 * learning_rate * np.asarray(frequency) * target))


@validated(samples=NOT_NEGATIVE, critical=POSITIVE)
def strength_from_samples(
    samples: Real[np.ndarray, "*shape"] | float, *, critical: float
) -> Float[np.ndarray, "*shape"]:
    """Return the relative strength R/S after long training on d samples of a skill (Nam et al. 2024).

    It is 1 − √(1 − d/D_c), and 1 for d ≥ D_c.

    Parameters
    ----------
    samples
        Numbers of samples d.
    critical
        D_c, the number of samples from which the skill is learnt completely.
    """
    return np.asarray(1 - np.sqrt(1 - np.minimum(np.asarray(samples) / critical, 1)))
