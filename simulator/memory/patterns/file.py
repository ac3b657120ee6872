"""A user's own patterns."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.patterns.catalogue import patterns


@patterns("file")
def file(path: str) -> np.ndarray:
    """The rows of a `.npy` file, an array `[P, D]` of ±1 (`numpy.save`); the first are stored first."""
    try:
        array: np.ndarray = np.load(Path(path).expanduser(), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConfigurationError(f"patterns.path: expected a .npy file of numbers, got {path!r}: {error}") from None
    return array
