"""Random patterns."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from jaxtyping import Int8
from pydantic import Field

from hubbub.simulator.memory.patterns.catalogue import patterns


@patterns("random")
def random(
    n_spins: Annotated[int, Field(ge=1)] = 784, *, n_patterns: int, generator: np.random.Generator
) -> Int8[np.ndarray, "n_patterns n_spins"]:
    """Independent fair coins, ±1."""
    return np.where(generator.random((n_patterns, n_spins)) < 0.5, 1, -1).astype(np.int8)
