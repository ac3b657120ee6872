"""The multilinear model of skills, solved (Nam, Fonseca, Lee, Mingard & Louis 2024)."""

from __future__ import annotations

import numpy as np


def skill_frequencies(n_skills: int, exponent: float) -> np.ndarray:
    """Return the probabilities `[n_skills]` ∝ k^−(`exponent` + 1) of the skills 1 … n."""
    often = np.arange(1, n_skills + 1, dtype=float) ** -(exponent + 1)
    return np.asarray(often / often.sum())


def skill_strength(
    time: np.ndarray | float,
    frequency: np.ndarray | float,
    *,
    initial: float,
    learning_rate: float,
    target: float = 1.0,
) -> np.ndarray:
    """Return R(T)/S, how much of a skill is known: 1/(1 + (S/R(0) − 1) exp(−2η f S T)).

    It solves dR/dT = 2 η f R (S − R), which gradient flow of rate η on (R − S)²/2 makes of R = a·b with a = b, for a
    skill asked for with `frequency` f. `initial` is R(0)/S, `target` S. Arguments broadcast.
    """
    rate = 2 * learning_rate * np.asarray(frequency) * target
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + (1 / initial - 1) * np.exp(-rate * np.asarray(time))))


def learning_time(
    strength: float,
    frequency: np.ndarray | float,
    *,
    initial: float,
    learning_rate: float,
    target: float = 1.0,
) -> np.ndarray:
    """Return the time at which `skill_strength` reaches `strength`, between `initial` and 1."""
    odds = np.log(strength / (1 - strength)) - np.log(initial / (1 - initial))
    return np.asarray(odds / (2 * learning_rate * np.asarray(frequency) * target))


def strength_from_samples(samples: np.ndarray | float, *, critical: float) -> np.ndarray:
    """Return R/S after long training on that many samples of a skill: 1 − √(1 − d/D_c), and 1 from `critical` on."""
    return np.asarray(1 - np.sqrt(1 - np.minimum(np.asarray(samples) / critical, 1)))
