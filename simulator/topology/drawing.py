"""Random draws that generators share: distinct numbers, and the pairs of agents that they stand for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def distinct_numbers(
    populations: NDArray[np.int64], sizes: NDArray[np.int64], generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return a uniform sample without replacement from each of B populations, as sorted numbers `[sum(sizes)]`.

    Population b consists of `populations[b]` consecutive numbers, which follow those of population b − 1. Where more
    than half of a population is wanted, the numbers that are left out are drawn instead. Expected O(S log S) time and
    O(S + B) memory for S numbers in all, whatever the populations.
    """
    populations, sizes = np.asarray(populations, dtype=np.int64), np.asarray(sizes, dtype=np.int64)
    dense = 2 * sizes > populations
    drawn = _drawn(populations, np.where(dense, 0, sizes), generator)
    if not dense.any():
        return drawn
    absent = _drawn(populations, np.where(dense, populations - sizes, 0), generator)
    present = _all_of(populations, dense)
    kept = np.ones(len(present), dtype=bool)
    kept[np.searchsorted(present, absent)] = False
    return np.sort(np.concatenate([drawn, present[kept]]))


def pairs_of(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pair `[n, 2]` of agents that each number stands for: 0 is (0, 1), 1 is (0, 2), 2 is (1, 2), …"""
    larger = ((1 + np.sqrt(8.0 * numbers + 1)) / 2).astype(np.int64)
    larger -= larger * (larger - 1) // 2 > numbers  # the root of a large number may have been rounded up
    return np.column_stack([numbers - larger * (larger - 1) // 2, larger])


def _drawn(
    populations: NDArray[np.int64], sizes: NDArray[np.int64], generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return the sample; a number that was drawn before is drawn anew, as if numbers were drawn one by one."""
    first = np.cumsum(populations) - populations
    numbers = np.empty(0, dtype=np.int64)
    missing = sizes.copy()
    while missing.any():
        which = np.repeat(np.arange(len(sizes)), missing)
        more = first[which] + generator.integers(populations[which])
        numbers = np.sort(np.concatenate([numbers, more]))
        numbers = numbers[np.concatenate([[True], numbers[1:] > numbers[:-1]])]
        of = np.searchsorted(numbers, [first, first + populations])
        missing = sizes - (of[1] - of[0])
    return numbers


def _all_of(populations: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return all numbers of the chosen populations."""
    lengths = populations[chosen]
    first = (np.cumsum(populations) - populations)[chosen]
    return np.arange(lengths.sum()) + np.repeat(first - (np.cumsum(lengths) - lengths), lengths)
