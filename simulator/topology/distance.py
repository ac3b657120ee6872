"""How many hops apart agents are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.topology.graph import Topology


def distances(topology: Topology) -> NDArray[np.float64]:
    """Return the number of hops from row to column along directed edges, `[N, N]` float64.

    It is 0 on the diagonal and infinite where no path leads. Weights are ignored. O(N (N + E)).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    n = topology.n_agents
    ends = (topology.sources.astype(np.int32), topology.targets.astype(np.int32))  # older scipy wants 32 bits
    edges = csr_array((np.ones(topology.n_edges), ends), shape=(n, n))
    return shortest_path(edges, method="D", directed=True, unweighted=True)
