"""Which block lives with which worker."""

from __future__ import annotations

import numpy as np


def place(traffic: np.ndarray, n_members: int) -> np.ndarray:
    """Return with which of `n_members` each of B blocks lives, `[B]`, so that little `traffic [B, B]` crosses.

    Members get equally many blocks, to one. The blocks are halved again and again; every cut begins between neighbours
    and is bettered by swapping pairs (Kernighan & Lin 1970). All members of a team compute the same. O(B² log B).
    """
    living = np.empty(len(traffic), dtype=np.int64)
    both_ways = traffic + traffic.T
    np.fill_diagonal(both_ways, 0)
    _divide(np.arange(len(traffic)), range(n_members), both_ways, living)
    return living


def _divide(blocks: np.ndarray, members: range, traffic: np.ndarray, living: np.ndarray) -> None:
    """Write into `living` which of `members` gets which of `blocks`."""
    if len(members) == 1:
        living[blocks] = members[0]
        return
    middle = len(members) // 2
    cut = round(len(blocks) * middle / len(members))
    left, right = _bettered(blocks[:cut], blocks[cut:], traffic)
    _divide(left, members[:middle], traffic, living)
    _divide(right, members[middle:], traffic, living)


def _bettered(left: np.ndarray, right: np.ndarray, traffic: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    import networkx as nx

    together = np.sort(np.concatenate([left, right]))
    if not traffic[np.ix_(left, right)].any():
        return left, right
    graph = nx.from_numpy_array(traffic[np.ix_(together, together)])
    sides = [set(np.searchsorted(together, side).tolist()) for side in (left, right)]
    found = nx.community.kernighan_lin_bisection(graph, partition=sides, weight="weight", seed=0)
    one, other = (together[sorted(side)] for side in found)
    return (one, other) if len(one) == len(left) else (other, one)
