"""Which worker holds which block."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int


def place(traffic: Float[np.ndarray, "B B"], n_members: int) -> Int[np.ndarray, " B"]:
    """Return which of `n_members` holds each of B blocks, so that little `traffic` goes between members.

    The numbers of blocks of two members differ by at most one. The blocks are halved again and again; every cut begins
    between neighbours by number and is improved by swapping pairs (Kernighan & Lin 1970). All members of a team compute
    the same. O(B² log B).
    """
    ranks = np.empty(len(traffic), dtype=np.int64)
    both_ways = traffic + traffic.T
    np.fill_diagonal(both_ways, 0)
    _divide(np.arange(len(traffic)), range(n_members), both_ways, ranks)
    return ranks


def _divide(
    blocks: Int[np.ndarray, " b"], members: range, traffic: Float[np.ndarray, "B B"], ranks: Int[np.ndarray, " B"]
) -> None:
    """Write into `ranks` which of `members` holds which of `blocks`."""
    if len(members) == 1:
        ranks[blocks] = members[0]
        return
    middle = len(members) // 2
    cut = round(len(blocks) * middle / len(members))
    left, right = _improved(blocks[:cut], blocks[cut:], traffic)
    _divide(left, members[:middle], traffic, ranks)
    _divide(right, members[middle:], traffic, ranks)


def _improved(
    left: Int[np.ndarray, " l"], right: Int[np.ndarray, " r"], traffic: Float[np.ndarray, "B B"]
) -> tuple[Int[np.ndarray, " l"], Int[np.ndarray, " r"]]:
    """Return two parts of the same sizes with less traffic between them."""
    import networkx as nx

    together = np.sort(np.concatenate([left, right]))
    if not traffic[np.ix_(left, right)].any():
        return left, right
    graph = nx.from_numpy_array(traffic[np.ix_(together, together)])
    sides = [set(np.searchsorted(together, side).tolist()) for side in (left, right)]
    found = nx.community.kernighan_lin_bisection(graph, partition=sides, weight="weight", seed=0)
    one, other = (together[sorted(side)] for side in found)
    return (one, other) if len(one) == len(left) else (other, one)
