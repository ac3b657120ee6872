"""The order of edges by source, then target."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

MANY = 20_000
"""From so many edges on, an order in linear time pays."""


def order_of(sources: Int[np.ndarray, " E"], targets: Int[np.ndarray, " E"], n: int) -> Int[np.ndarray, " E"]:
    """Return the numbers of edges between agents 0 … n − 1 in the order of source, then target, then as given.

    O(E + n) where no edge is there twice (a sparse matrix that is transposed twice is sorted), else O(E log E).
    """
    if len(sources) >= MANY:
        from scipy.sparse import coo_array

        numbers = np.arange(len(sources), dtype=np.int32)
        matrix = coo_array((numbers, (targets.astype(np.int32), sources.astype(np.int32))), shape=(n, n)).tocsr()
        if matrix.nnz == len(sources):
            return matrix.T.tocsr().data.astype(np.int64)
    return np.lexsort((targets, sources))


def are_ordered(sources: Int[np.ndarray, " E"], targets: Int[np.ndarray, " E"]) -> bool:
    """Whether edges are in the order of source, then target."""
    rises, stays = sources[1:] > sources[:-1], sources[1:] == sources[:-1]
    return bool((rises | (stays & (targets[1:] >= targets[:-1]))).all())
