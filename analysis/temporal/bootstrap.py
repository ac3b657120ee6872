"""The block bootstrap that all errors of this room come from."""

from __future__ import annotations

import numpy as np

BLOCKS = 10
SAMPLES = 200


def block_weights(generator: np.random.Generator, *, blocks: int = BLOCKS) -> np.ndarray:
    """Return weights `[SAMPLES, blocks]` for equal stretches of a record: a Bayesian bootstrap (Rubin 1981).

    Gamma weights stand for the counts of a draw with replacement; none is 0, so no scale is left without windows. Their
    shape gives the shares of the blocks the variance 1 / blocks², as for a mean of independent blocks with unbiased
    variance. Few and long blocks, because what happens on long scales is alike in neighbours.
    """
    return generator.standard_gamma((blocks - 2) / blocks, (SAMPLES, blocks))
