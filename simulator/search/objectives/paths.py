"""A graph is good when its paths are short: the null model without language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.search.objectives.catalogue import objective
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.distance import distances


@objective("paths")
def paths(*, topologies: Sequence[Topology], rngs: Sequence[RandomStreams]) -> Float[np.ndarray, "T S"]:
    """Return minus the mean number of hops between two agents; pairs without a path count as N hops.

    Nothing is learned, so the values are the same for all `rngs`. Where this objective leads to the same graphs as
    success does, hubs are an effect of paths and not of language (Ferrer i Cancho & Solé 2003, Optimization in complex
    networks).
    """
    hops = np.stack([distances(topology) for topology in topologies])
    n = hops.shape[1]
    means = np.where(np.isfinite(hops), hops, n).sum(axis=(1, 2)) / (n * (n - 1))
    return np.repeat(-means[:, None], len(rngs), axis=1)
