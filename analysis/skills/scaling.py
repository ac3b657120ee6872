"""The loss of infinitely many skills against time, samples, units and compute (Nam et al. 2024), as exact sums.

Skill k has the frequency P_k = k^−(α + 1)/ζ(α + 1), and the loss is Σ P_k (1 − R_k/S)², which is 1 before training.
Terms of the first `SUMMED` skills are summed one by one. For all other skills R = 0 is assumed, so results hold as long
as far fewer than `SUMMED` skills are learnt.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.skills.multilinear import skill_strength, strength_from_samples
from hubbub.analysis.validation import AT_LEAST_1, BETWEEN_0_AND_1, NOT_NEGATIVE, POSITIVE, validated

SUMMED = 200_000
"""Number of skills whose terms are summed one by one."""


@validated(stated_shapes=True, times=NOT_NEGATIVE, exponent=POSITIVE, initial=BETWEEN_0_AND_1)
def loss_by_time(times: Real[np.ndarray, " T"], exponent: float, *, initial: float) -> Float[np.ndarray, " T"]:
    """Return the loss after each of the times, `[T]`; for long times it falls as T^−α/(α+1) (Nam et al. 2024).

    Parameters
    ----------
    times
        Training times `[T]`, in units of 1/(2ηS).
    exponent
        α of the frequencies of the skills.
    initial
        R(0)/S, the same for all skills.
    """
    frequencies, rest = _frequencies(exponent)
    return np.array([frequencies @ _squared_error(time, frequencies, initial) + rest for time in times])


@validated(stated_shapes=True, samples=NOT_NEGATIVE, exponent=POSITIVE, critical=POSITIVE)
def loss_by_samples(
    samples: Real[np.ndarray, " T"], exponent: float, *, critical: float = 1.0
) -> Float[np.ndarray, " T"]:
    """Return the loss after long training on D samples, `[T]`; it falls as D^−α/(α+1) (Nam et al. 2024).

    Parameters
    ----------
    samples
        Numbers of samples D, `[T]`; P_k D of them are of skill k.
    exponent
        α of the frequencies of the skills.
    critical
        As in `strength_from_samples`.
    """
    frequencies, rest = _frequencies(exponent)
    strengths = (strength_from_samples(frequencies * n_samples, critical=critical) for n_samples in samples)
    return np.array([frequencies @ (1 - each) ** 2 + rest for each in strengths])


@validated(stated_shapes=True, skills=NOT_NEGATIVE, exponent=POSITIVE)
def loss_by_units(skills: Real[np.ndarray, " T"], exponent: float) -> Float[np.ndarray, " T"]:
    """Return the loss of networks that learn the N most frequent skills, `[T]`; it falls as N^−α (Nam et al. 2024).

    Parameters
    ----------
    skills
        Numbers of skills N that a network has units for, `[T]`; rounded down.
    exponent
        α of the frequencies of the skills.
    """
    from scipy.special import zeta

    return np.asarray(zeta(exponent + 1, np.floor(skills) + 1) / zeta(exponent + 1))


@validated(stated_shapes=True, compute=AT_LEAST_1, exponent=POSITIVE, initial=BETWEEN_0_AND_1)
def loss_by_compute(compute: Real[np.ndarray, " T"], exponent: float, *, initial: float) -> Float[np.ndarray, " T"]:
    """Return the smallest loss with the compute C = N · time, `[T]`; it falls as C^−α/(α+2) (Nam et al. 2024).

    The minimum is over networks with units for N skills, trained for the time C/N, on a grid of 400 sizes N.

    Parameters
    ----------
    compute
        Compute C, `[T]`, ≥ 1, in units of one skill times 1/(2ηS).
    exponent, initial
        As in `loss_by_time`.
    """
    frequencies, rest = _frequencies(exponent)
    not_learnt = np.append(np.cumsum(frequencies[::-1])[::-1], 0.0) + rest
    losses = []
    for budget in compute:
        sizes = np.unique(np.geomspace(1, min(budget, SUMMED), 400).astype(int))
        losses.append(
            min(frequencies[:n] @ _squared_error(budget / n, frequencies[:n], initial) + not_learnt[n] for n in sizes)
        )
    return np.array(losses)


def _squared_error(time: float, frequencies: np.ndarray, initial: float) -> np.ndarray:
    strength = skill_strength(time, frequencies, initial=initial, learning_rate=0.5)
    return np.asarray((1 - strength) ** 2)


def _frequencies(exponent: float) -> tuple[np.ndarray, float]:
    """Return the probabilities of the skills that are summed, `[SUMMED]`, and the total probability of all others."""
    from scipy.special import zeta

    whole = zeta(exponent + 1)
    ranks = np.arange(1, SUMMED + 1, dtype=float)
    return ranks ** -(exponent + 1) / whole, float(zeta(exponent + 1, SUMMED + 1) / whole)
