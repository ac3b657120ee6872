"""Communities of the highest modularity that the Louvain method finds."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Int


def louvain(linked: Any) -> Int[np.ndarray, " N"]:
    """Return the community of each agent (Blondel et al. 2008); the same for the same graph.

    `linked` is the symmetric matrix `[N, N]` of weights as a sparse array. Agents move, in a random order, to the
    neighbouring community with the largest gain of modularity until none gains; then communities take the place of
    agents, until nothing moves. Expected O(E log N).
    """
    from scipy.sparse import csr_array

    from hubbub.analysis.hubs.loops import move_to_groups

    rng = np.random.default_rng(0)
    labels, loops = np.arange(linked.shape[0]), np.zeros(linked.shape[0])
    while True:
        n_nodes = linked.shape[0]
        groups = np.arange(n_nodes)
        first, others = linked.indptr.astype(np.int64), linked.indices.astype(np.uint32)
        if not move_to_groups(first, others, linked.data, loops, rng.permutation(n_nodes), groups):
            return labels
        _, groups = np.unique(groups, return_inverse=True)
        labels = groups[labels]
        member = csr_array((np.ones(n_nodes), groups, np.arange(n_nodes + 1)))
        linked = (member.T @ linked @ member).tocsr()
        inside = linked.diagonal()
        loops = np.bincount(groups, loops) + inside
        linked.setdiag(0)
        linked.eliminate_zeros()
