"""Whether what a system makes of its inputs predicts what it makes of them later, beyond its parts."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.emergence import psi_delta_gamma
from hubbub.scenarios.reproductions.emergence_of_talk.codes import minus_shuffled

GROUPS, LEVELS, SHUFFLES = 4, 4, 20
"""Groups of units, levels of their activity (quartiles), and shuffles for the null."""


def psi_between(before: np.ndarray, after: np.ndarray) -> float:
    """Return Ψ in bits from the units' values `[M, H]` on M inputs to those on the same inputs at a later moment.

    The parts are the means of four groups of units, each as its quartile over inputs; V is the quartile of their sum.
    The mean on shuffled inputs is subtracted.
    """
    groups = np.array_split(np.arange(before.shape[1]), min(GROUPS, before.shape[1]))

    def levels(values: np.ndarray) -> np.ndarray:
        """Return the quartile over inputs of each column `[M, d]`."""
        bounds = np.quantile(values, np.arange(1, LEVELS) / LEVELS, axis=0)
        return (values[None] > bounds[:, None]).sum(axis=0)

    def whole_and_parts(units: np.ndarray) -> np.ndarray:
        parts = levels(np.column_stack([units[:, group].mean(axis=1) for group in groups]))
        return np.column_stack([levels(parts.sum(axis=1, keepdims=True)), parts])

    seen = np.concatenate([whole_and_parts(before), whole_and_parts(after)])
    return minus_shuffled(
        psi_delta_gamma(
            seen[:, 0], seen[:, 1:], lag=len(before), generator=np.random.default_rng(0), shuffles=SHUFFLES
        ).psi
    )
