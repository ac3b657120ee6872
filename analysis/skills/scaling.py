"""The loss of infinitely many skills against time, samples, units and compute (Nam et al. 2024), exactly summed.

Skill k has the frequency k^−(α + 1)/ζ(α + 1), and the loss is Σ P_k (1 − R_k/S)², 1 where nothing is known. The first
`SUMMED` skills are summed one by one; of the rest nothing is known, as long as what is learnt is far below.
"""

from __future__ import annotations

import numpy as np

from hubbub.analysis.skills.multilinear import skill_strength, strength_from_samples

SUMMED = 200_000


def loss_by_time(times: np.ndarray, exponent: float, *, initial: float) -> np.ndarray:
    """Return the loss `[T]` after `times` in units of 1/(2ηS); it falls as T^−α/(α+1)."""
    often, rest = _frequencies(exponent)
    return np.array([often @ _unknown(time, often, initial) + rest for time in times])


def loss_by_samples(samples: np.ndarray, exponent: float, *, critical: float = 1.0) -> np.ndarray:
    """Return the loss `[T]` after long training on D samples, of which P_k D are of skill k; falls as D^−α/(α+1)."""
    often, rest = _frequencies(exponent)
    known = (strength_from_samples(often * n_samples, critical=critical) for n_samples in samples)
    return np.array([often @ (1 - each) ** 2 + rest for each in known])


def loss_by_units(skills: np.ndarray, exponent: float) -> np.ndarray:
    """Return the loss `[T]` of networks that have room for so many skills, the most frequent ones; falls as N^−α."""
    from scipy.special import zeta

    return np.asarray(zeta(exponent + 1, np.floor(skills) + 1) / zeta(exponent + 1))


def loss_by_compute(compute: np.ndarray, exponent: float, *, initial: float) -> np.ndarray:
    """Return the least loss `[T]` with room for N skills and time C/N, over N; it falls as C^−α/(α+2)."""
    often, rest = _frequencies(exponent)
    beyond = np.append(np.cumsum(often[::-1])[::-1], 0.0) + rest
    losses = []
    for budget in compute:
        rooms = np.unique(np.geomspace(1, min(budget, SUMMED), 400).astype(int))
        losses.append(
            min(often[:room] @ _unknown(budget / room, often[:room], initial) + beyond[room] for room in rooms)
        )
    return np.array(losses)


def _unknown(time: float, often: np.ndarray, initial: float) -> np.ndarray:
    strength = skill_strength(time, often, initial=initial, learning_rate=0.5)
    return np.asarray((1 - strength) ** 2)


def _frequencies(exponent: float) -> tuple[np.ndarray, float]:
    """Return the probabilities of the skills that are summed, and that of all others."""
    from scipy.special import zeta

    whole = zeta(exponent + 1)
    ranks = np.arange(1, SUMMED + 1, dtype=float)
    return ranks ** -(exponent + 1) / whole, float(zeta(exponent + 1, SUMMED + 1) / whole)
