"""A user's own patterns."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.patterns.catalogue import patterns
from hubbub.simulator.memory.patterns.checked import Patterns


@patterns("file")
def file(path: str) -> Patterns:
    """The rows of a `.npy` file, an array `[P, D]` of ±1 (`numpy.save`); they are stored in this order."""
    try:
        array: Patterns = np.load(Path(path).expanduser(), allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConfigurationError(f"patterns.path: expected a .npy file of numbers, got {path!r}: {error}") from None
    return array
