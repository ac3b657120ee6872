"""How many memories have found their pattern."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from hubbub.scenarios.metrics.catalogue import metric
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.copies import Copies


@metric("retrieved")
def retrieved(
    recorded: Mapping[str, Any], copies: Copies, *, above: Annotated[float, Field(ge=-1, le=1)] = 0.9
) -> float:
    """Return the share of copies of a memory whose overlap with their target is more than `above`."""
    if "overlap" not in recorded:
        raise ConfigurationError(
            "metric 'retrieved': expected a memory that stores patterns, whose overlap is recorded"
        )
    return float(np.mean(recorded["overlap"] > above))
