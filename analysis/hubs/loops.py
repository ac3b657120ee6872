"""The one loop of this package that is slow in numpy, compiled by numba; import it where it is used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel

LARGE, SMALL = 2.0**256, 2.0**-256


@kernel
def add_dependencies(
    flow: NDArray[np.float64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    sources: NDArray[np.int64],
) -> None:
    """Add to `flow [N]` how much of the shortest paths from each of the sources leads through each agent.

    The algorithm of Brandes (2001); the edges from agent i end at `ends[starts[i] : starts[i + 1]]`. A number of paths
    is count · 2^(256 scale), because it grows exponentially with the distance. O(N + E) for each source.
    """
    n = len(starts) - 1
    distance, order, scale = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    count, dependency = np.empty(n), np.empty(n)
    for source in sources:
        distance[:], scale[:], count[:], dependency[:] = -1, 0, 0.0, 0.0
        distance[source], count[source], order[0] = 0, 1.0, source
        seen, at = 1, 0
        while at < seen:
            here = order[at]
            at += 1
            for edge in range(starts[here], starts[here + 1]):
                there = ends[edge]
                if distance[there] < 0:
                    distance[there], order[seen], scale[there] = distance[here] + 1, there, scale[here]
                    seen += 1
                if distance[there] == distance[here] + 1:
                    while scale[there] < scale[here]:
                        count[there] *= SMALL
                        scale[there] += 1
                    if scale[there] == scale[here]:
                        count[there] += count[here]
                    elif scale[there] == scale[here] + 1:  # further apart, the smaller number changes nothing
                        count[there] += count[here] * SMALL
                    if count[there] > LARGE:
                        count[there] *= SMALL
                        scale[there] += 1
        for place in range(seen - 1, -1, -1):
            here = order[place]
            for edge in range(starts[here], starts[here + 1]):
                there = ends[edge]
                if distance[there] == distance[here] + 1 and scale[there] < scale[here] + 2:
                    share = count[here] / count[there]
                    if scale[there] > scale[here]:
                        share *= SMALL
                    dependency[here] += share * (1.0 + dependency[there])
            if here != source:
                flow[here] += dependency[here]
