"""What is recorded of every copy at every step of a chunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True, eq=False)
class Record:
    """Record of n steps of C copies, filled by a kernel after each step.

    Attributes
    ----------
    overlap
        Product of the state with the target pattern, D·Q, `[C, n]` float64; 0 without patterns.
    activity
        Number of spins that are on, `[C, n]` int64.
    turned_on
        Number of spins that are on and were not a step before, `[C, n]` int64.
    nearest
        Number of the stored pattern with the largest overlap (the first of equals), `[C, n]` int64, or `[C, 0]` where
        it is not needed.
    """

    overlap: Float[np.ndarray, "C n"]
    activity: Int[np.ndarray, "C n"]
    turned_on: Int[np.ndarray, "C n"]
    nearest: Int[np.ndarray, "C n_or_0"]

    @classmethod
    def empty(cls, n_copies: int, n_steps: int, *, nearest: bool) -> Record:
        """Return a record to be filled."""
        shape = (n_copies, n_steps)
        return cls(
            np.zeros(shape),
            np.zeros(shape, dtype=np.int64),
            np.zeros(shape, dtype=np.int64),
            np.zeros((n_copies, n_steps if nearest else 0), dtype=np.int64),
        )

    @property
    def n_steps(self) -> int:
        """Number of steps n."""
        return self.activity.shape[1]
