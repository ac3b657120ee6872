"""A graph is good when its paths are short: the null model without language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.randomness import Luck
from simulator.search.objectives.catalogue import objective
from simulator.topology import Topology
from simulator.topology.distance import distances


@objective("paths")
def paths(*, topologies: Sequence[Topology], lucks: Sequence[Luck]) -> np.ndarray:
    """Return minus the mean number of hops between two agents; pairs without a path count as N hops.

    Nothing is learnt, so all lucks give the same. Where this objective leads to the same graphs as success does, hubs
    are an effect of paths and not of language (Ferrer i Cancho & Solé 2003, Optimization in complex networks).
    """
    hops = np.stack([distances(topology) for topology in topologies])
    n = hops.shape[1]
    means = np.where(np.isfinite(hops), hops, n).sum(axis=(1, 2)) / (n * (n - 1))
    return np.repeat(-means[:, None], len(lucks), axis=1)
