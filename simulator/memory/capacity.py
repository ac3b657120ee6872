"""How many random patterns a memory can store and restore, in theory."""

from __future__ import annotations

HOPFIELD_CAPACITY = 0.138
"""Random patterns per spin that a 2-body memory with Hebb's couplings stores (Amit, Gutfreund & Sompolinsky 1985)."""


def exponential_capacity(flipped: float) -> float:
    """Return the α below which all of exp(α D) random patterns are restored in one step when a share is flipped.

    α = I(1 − 2 ρ) / 2 with I(a) = ½ [(1 + a) ln(1 + a) + (1 − a) ln(1 − a)], for large D (Demircigil et al. 2017,
    theorem 3). It is a lower bound of what can be restored.
    """
    from scipy.special import xlogy

    a = 1 - 2 * flipped
    return float(xlogy(1 + a, 1 + a) + xlogy(1 - a, 1 - a)) / 4
