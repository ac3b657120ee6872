"""The exponential memory with 64 spins in a word.

The distance to a pattern is an exclusive or and a count of bits. In nearly every step one pattern outweighs all others
together, tanh(1) included; then the new state is a copy of that pattern. Otherwise the fields of the patterns that are
near enough are added up in float32, and for spins whose sum is nearly 0 all patterns are counted exactly.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel
from hubbub.simulator.memory.kernels.level_counts import COUNTING_LEVELS, PER_LEVEL, TANH_1, WEIGHTS
from hubbub.simulator.memory.kernels.random_words import (
    ONE,
    WORD_BITS,
    ZERO,
    above,
    draw_flips,
    empty_words,
    popcount,
    spin_mask,
)

PATTERN_BITS = 32
DECISIVE = PER_LEVEL * (1 - 1e-9)
"""Weight of all other patterns together, relative to the nearest, below which the nearest alone decides."""
NEGLIGIBLE = 1e-6
"""Weight of patterns, relative to the nearest, that is left out of the float32 sum."""
LOST_PER_PATTERN = np.float32(1.2e-7)
"""Largest rounding error of a float32 sum with each number added, relative to the sum of the weights."""


@njit
def fill_distances(patterns: NDArray[np.uint64], state: NDArray[np.uint64], distances: NDArray[np.int64]) -> None:
    """Fill in the number of bits in which `state [W]` differs from the first patterns `[W, K]`."""
    distances[:] = 0
    for word in range(len(patterns)):
        of_state, of_patterns = state[word], patterns[word]
        for pattern in range(len(distances)):
            distances[pattern] += popcount(of_patterns[pattern] ^ of_state)


@njit
def nearest_pattern(distances: NDArray[np.int64]) -> int:
    """Return the first pattern with the smallest distance."""
    smallest = distances[0] << PATTERN_BITS
    for pattern in range(len(distances)):  # without a branch, so that the compiler handles many patterns at once
        distance = (distances[pattern] << PATTERN_BITS) | pattern
        smallest = distance if distance < smallest else smallest
    return smallest & ((1 << PATTERN_BITS) - 1)


@njit
def count_closer(distances: NDArray[np.int64], limit: int) -> int:
    """Return the number of smaller distances."""
    n_closer = 0
    for pattern in range(len(distances)):
        n_closer += 1 if distances[pattern] < limit else 0
    return n_closer


@njit
def outweighs_others(distances: NDArray[np.int64], nearest: int, gap: int) -> bool:
    """Return whether the nearest pattern surely outweighs all others.

    That is so where no other one is closer than `gap` levels; otherwise their weights are added up level by level.
    """
    if count_closer(distances, distances[nearest] + gap) == 1:
        return True
    others, n_counted = 0.0, 1
    for level in range(gap):
        n_closer = count_closer(distances, distances[nearest] + level + 1)
        others += (n_closer - n_counted) * WEIGHTS[level]
        n_counted = n_closer
        if others >= DECISIVE:
            return False
    return others + (len(distances) - n_counted) * WEIGHTS[gap] < DECISIVE


@njit
def fill_new_state(
    spins: NDArray[np.int8],
    state: NDArray[np.uint64],
    distances: NDArray[np.int64],
    nearest: int,
    reach: int,
    mask: NDArray[np.uint64],
    field: NDArray[np.float32],
    new: NDArray[np.uint64],
) -> None:
    """Fill in the new state spin by spin, for patterns `spins [K, D]` at these distances from the state.

    The patterns more than `reach` levels behind the nearest are left out, unless the others nearly cancel.
    """
    field[:] = 0
    total, slack = np.float32(0), np.float32(10 * NEGLIGIBLE)
    for pattern in range(len(distances)):
        level = distances[pattern] - distances[nearest]
        if level <= reach:
            slack += LOST_PER_PATTERN
            weight, stored = np.float32(WEIGHTS[level]), spins[pattern]
            total += weight
            for spin in range(len(stored)):
                field[spin] += weight * np.float32(stored[spin])
    own = np.float32(TANH_1) * total
    slack *= total
    order = np.empty(0, np.int64)
    for word in range(len(new)):
        is_on, first = state[word], word * WORD_BITS
        surely = (above(field, first, own + slack) & is_on) | (above(field, first, slack - own) & ~is_on)
        perhaps = (above(field, first, own - slack) & is_on) | (above(field, first, -own - slack) & ~is_on)
        new[word] = surely & mask[word]
        undecided = perhaps & ~surely & mask[word]
        while undecided:
            one = undecided & (~undecided + ONE)
            undecided ^= one
            if len(order) == 0:
                order = by_distance(distances)
            is_up = is_on & one != ZERO
            if stays(spins[:, first + np.int64(popcount(one - ONE))], distances, order, 1 if is_up else -1) == is_up:
                new[word] |= one


@njit
def by_distance(distances: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the patterns in order of distance."""
    nearest, furthest = distances[0], distances[0]
    for distance in distances:
        nearest, furthest = min(nearest, distance), max(furthest, distance)
    starts = np.zeros(furthest - nearest + 2, np.int64)
    for distance in distances:
        starts[distance - nearest + 1] += 1
    for level in range(1, len(starts)):
        starts[level] += starts[level - 1]
    order = np.empty(len(distances), np.int64)
    for pattern in range(len(distances)):
        level = distances[pattern] - nearest
        order[starts[level]] = pattern
        starts[level] += 1
    return order


@njit
def stays(stored: NDArray[np.int8], distances: NDArray[np.int64], order: NDArray[np.int64], value: int) -> bool:
    """Return whether a spin with this `value` stays, exactly: patterns of one level are counted, then weighted.

    Goes through its values `stored [K]` in order of distance until the patterns that are left cannot change the result.
    """
    n_patterns, nearest = len(order), distances[order[0]]
    first, difference = -1, 0.0
    at, level, agreed = 0, 0, 0
    while at < n_patterns or agreed:
        if not agreed:
            level = distances[order[at]] - nearest
        count, agreed = agreed, 0
        while at < n_patterns and distances[order[at]] - nearest == level:
            if stored[order[at]] == value:
                agreed += 1  # counts at the next level
            else:
                count -= 1
            at += 1
        if first < 0 and count:
            first = level
        level += 1
        if first >= 0:
            difference += count * WEIGHTS[min(level - 1 - first, COUNTING_LEVELS - 1)]
            if abs(difference) > (n_patterns - at + agreed) * WEIGHTS[min(level - first, COUNTING_LEVELS - 1)]:
                break
    return difference >= 0


@kernel
def advance_packed(
    states: NDArray[np.uint64],
    made: int,
    patterns: NDArray[np.uint64],
    spins: NDArray[np.int8],
    noise_keys: NDArray[np.uint64],
    noise_bits: NDArray[np.uint64],
    repetition: NDArray[np.int64],
    load: NDArray[np.int64],
    target: int,
    overlap: NDArray[np.float64],
    activity: NDArray[np.int64],
    turned_on: NDArray[np.int64],
    nearest: NDArray[np.int64],
) -> None:
    """Change `states [C, W]` by the steps after the first `made` ones.

    Patterns are given as words `[repetitions, W, K]` and as `spins [repetitions, K, D]`.
    """
    n_copies, n_words = states.shape
    n_spins = spins.shape[2]
    mask = spin_mask(n_spins)
    words, flips = empty_words(mask), np.zeros_like(mask)
    new = np.zeros(n_words, np.uint64)
    all_distances = np.zeros(patterns.shape[2], np.int64)
    field = np.zeros(n_words * WORD_BITS, np.float32)
    for copy in range(n_copies):
        state, key, n_patterns = states[copy], noise_keys[copy], load[copy]
        stored, stored_spins = patterns[repetition[copy]], spins[repetition[copy], :n_patterns]
        distances = all_distances[:n_patterns]
        gap = 1 + int(math.log(n_patterns) / 2) + 1  # (K − 1) x^gap < x
        reach = 1 + int(math.log(n_patterns / NEGLIGIBLE) / 2)  # K x^reach < NEGLIGIBLE
        fill_distances(stored, state, distances)
        current_nearest = nearest_pattern(distances)
        for column in range(activity.shape[1]):
            if outweighs_others(distances, current_nearest, gap):
                for word in range(n_words):
                    new[word] = stored[word, current_nearest]
            else:
                fill_new_state(stored_spins, state, distances, current_nearest, reach, mask, field, new)
            draw_flips(key, made + column, noise_bits[copy], mask, words, flips)
            n_on = ZERO
            n_turned_on = ZERO
            for word in range(n_words):
                after = new[word] ^ flips[word]
                n_on += popcount(after)
                n_turned_on += popcount(after & ~state[word])
                state[word] = after
            fill_distances(stored, state, distances)
            current_nearest = nearest_pattern(distances)
            overlap[copy, column] = n_spins - 2 * distances[target]
            activity[copy, column] = n_on
            turned_on[copy, column] = n_turned_on
            if nearest.shape[1]:
                nearest[copy, column] = current_nearest
