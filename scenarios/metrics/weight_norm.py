"""How large the weights of agents and networks are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hubbub.scenarios.metrics.catalogue import metric


@metric("weight_norm")
def weight_norm(weights: Mapping[str, np.ndarray]) -> float:
    """Return the Euclidean norm of all weights of an agent or a network, a mean over them."""
    squares = [np.square(values.astype(np.float64)).reshape(len(values), -1).sum(axis=1) for values in weights.values()]
    return float(np.sqrt(np.sum(squares, axis=0)).mean())
