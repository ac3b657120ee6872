"""The block bootstrap from which the errors of scaling exponents are estimated."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

BLOCKS = 10
SAMPLES = 200


def block_weights(generator: np.random.Generator, *, blocks: int = BLOCKS) -> Float[np.ndarray, "samples blocks"]:
    """Return random weights for blocks of a record of equal length: a Bayesian bootstrap (Rubin 1981).

    Gamma-distributed weights replace the counts of a draw with replacement; none is 0, so every scale keeps windows.
    Their shape parameter gives the normalised weights the variance 1 / blocks², as for a mean of independent blocks
    with unbiased variance. The blocks are few and long, because neighbouring blocks are correlated on long scales.
    """
    return generator.standard_gamma((blocks - 2) / blocks, (SAMPLES, blocks))
