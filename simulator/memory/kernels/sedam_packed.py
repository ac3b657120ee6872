"""The exponential memory with 64 spins in a word.

The distances to all patterns are an exclusive or and a count of bits. Nearly always one pattern outweighs all others
together, tanh(1) included; then the new state is that pattern, and is copied. Else the fields of the patterns whose
weight counts are added up, and where they nearly balance, all patterns are counted out.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hubbub.simulator.memory.kernels.voices import COUNTING_LEVELS, PER_LEVEL, TANH_1, WEIGHTS
from hubbub.simulator.memory.kernels.words import NONE, ONE, WORD_BITS, above, draw_flips, popcount, room, spin_words

PATTERN_BITS = 32
OUTWEIGHED = PER_LEVEL * (1 - 1e-9)
NEGLIGIBLE = 1e-6
LOST_PER_PATTERN = np.float32(1.2e-7)  # what float32 may lose of a sum and of its total with each number added


@njit
def measure(patterns: np.ndarray, state: np.ndarray, distances: np.ndarray) -> None:
    """Fill in the number of bits in which `state [W]` differs from the first patterns `[W, K]`."""
    distances[:] = 0
    for word in range(len(patterns)):
        mine, theirs = state[word], patterns[word]
        for pattern in range(len(distances)):
            distances[pattern] += popcount(theirs[pattern] ^ mine)


@njit
def nearest_of(distances: np.ndarray) -> int:
    """Return the first pattern with the smallest distance."""
    smallest = distances[0] << PATTERN_BITS
    for pattern in range(len(distances)):  # written such that it runs over many patterns at once
        distance = (distances[pattern] << PATTERN_BITS) | pattern
        smallest = distance if distance < smallest else smallest
    return smallest & ((1 << PATTERN_BITS) - 1)


@njit
def closer_than(distances: np.ndarray, limit: int) -> int:
    """Return the number of smaller distances."""
    n_closer = 0
    for pattern in range(len(distances)):
        n_closer += 1 if distances[pattern] < limit else 0
    return n_closer


@njit
def outweighs(distances: np.ndarray, nearest: int, gap: int) -> bool:
    """Return whether the nearest pattern surely outweighs the others: the first look is at those closer than `gap`."""
    if closer_than(distances, distances[nearest] + gap) == 1:
        return True
    others, n_counted = 0.0, 1
    for level in range(gap):
        n_closer = closer_than(distances, distances[nearest] + level + 1)
        others += (n_closer - n_counted) * WEIGHTS[level]
        n_counted = n_closer
        if others >= OUTWEIGHED:
            return False
    return others + (len(distances) - n_counted) * WEIGHTS[gap] < OUTWEIGHED


@njit
def settle(
    spins: np.ndarray,
    state: np.ndarray,
    distances: np.ndarray,
    nearest: int,
    reach: int,
    full: np.ndarray,
    field: np.ndarray,
    new: np.ndarray,
) -> None:
    """Fill in the new state spin by spin, for patterns `spins [K, D]` at these distances from the state.

    The patterns more than `reach` behind the nearest have no say, unless those before them balance.
    """
    field[:] = 0
    total, slack = np.float32(0), np.float32(10 * NEGLIGIBLE)
    for pattern in range(len(distances)):
        level = distances[pattern] - distances[nearest]
        if level <= reach:
            slack += LOST_PER_PATTERN
            weight, theirs = np.float32(WEIGHTS[level]), spins[pattern]
            total += weight
            for spin in range(len(theirs)):
                field[spin] += weight * np.float32(theirs[spin])
    own = np.float32(TANH_1) * total
    slack *= total
    order = np.empty(0, np.int64)
    for word in range(len(new)):
        mine, first = state[word], word * WORD_BITS
        surely = (above(field, first, own + slack) & mine) | (above(field, first, slack - own) & ~mine)
        perhaps = (above(field, first, own - slack) & mine) | (above(field, first, -own - slack) & ~mine)
        new[word] = surely & full[word]
        balanced = perhaps & ~surely & full[word]
        while balanced:
            one = balanced & (~balanced + ONE)
            balanced ^= one
            if len(order) == 0:
                order = by_distance(distances)
            is_up = mine & one != NONE
            if stays(spins[:, first + np.int64(popcount(one - ONE))], distances, order, 1 if is_up else -1) == is_up:
                new[word] |= one


@njit
def by_distance(distances: np.ndarray) -> np.ndarray:
    """Return the patterns in order of distance."""
    nearest = distances.min()
    places = np.zeros(distances.max() - nearest + 2, np.int64)
    for distance in distances:
        places[distance - nearest + 1] += 1
    for level in range(1, len(places)):
        places[level] += places[level - 1]
    order = np.empty(len(distances), np.int64)
    for pattern in range(len(distances)):
        level = distances[pattern] - nearest
        order[places[level]] = pattern
        places[level] += 1
    return order


@njit
def stays(theirs: np.ndarray, distances: np.ndarray, order: np.ndarray, value: int) -> bool:
    """Return whether a spin stays, exactly: voices of one level are counted before they are weighed.

    Goes through the patterns in order of distance until the ones that are left cannot turn the outcome.
    """
    n_patterns, nearest = len(order), distances[order[0]]
    first, difference = -1, 0.0
    at, level, agreed = 0, 0, 0
    while at < n_patterns or agreed:
        if not agreed:
            level = distances[order[at]] - nearest
        voices, agreed = agreed, 0
        while at < n_patterns and distances[order[at]] - nearest == level:
            if theirs[order[at]] == value:
                agreed += 1  # has its say at the next level
            else:
                voices -= 1
            at += 1
        if first < 0 and voices:
            first = level
        level += 1
        if first >= 0:
            difference += voices * WEIGHTS[min(level - 1 - first, COUNTING_LEVELS - 1)]
            if abs(difference) > (n_patterns - at + agreed) * WEIGHTS[min(level - first, COUNTING_LEVELS - 1)]:
                break
    return difference >= 0


@njit(cache=True)
def advance_packed(
    states: np.ndarray,
    made: int,
    patterns: np.ndarray,
    spins: np.ndarray,
    noise_keys: np.ndarray,
    places: np.ndarray,
    repetition: np.ndarray,
    load: np.ndarray,
    target: int,
    overlap: np.ndarray,
    activity: np.ndarray,
    turned_on: np.ndarray,
    nearest: np.ndarray,
) -> None:
    """Change `states [C, W]` by the steps after the first `made` ones.

    Patterns are given as words `[repetitions, W, K]` and as `spins [repetitions, K, D]`.
    """
    n_copies, n_words = states.shape
    n_spins = spins.shape[2]
    full = spin_words(n_spins)
    rng, flips = room(full), np.zeros_like(full)
    new = np.zeros(n_words, np.uint64)
    all_distances = np.zeros(patterns.shape[2], np.int64)
    field = np.zeros(n_words * WORD_BITS, np.float32)
    for copy in range(n_copies):
        state, key, n_patterns = states[copy], noise_keys[copy], load[copy]
        stored, stored_spins = patterns[repetition[copy]], spins[repetition[copy], :n_patterns]
        distances = all_distances[:n_patterns]
        gap = 1 + int(math.log(n_patterns) / 2) + 1  # (K − 1) x^gap < x
        reach = 1 + int(math.log(n_patterns / NEGLIGIBLE) / 2)  # K x^reach < NEGLIGIBLE
        measure(stored, state, distances)
        leader = nearest_of(distances)
        for column in range(activity.shape[1]):
            if outweighs(distances, leader, gap):
                for word in range(n_words):
                    new[word] = stored[word, leader]
            else:
                settle(stored_spins, state, distances, leader, reach, full, field, new)
            draw_flips(key, made + column, places[copy], full, rng, flips)
            n_on = NONE
            n_turned_on = NONE
            for word in range(n_words):
                after = new[word] ^ flips[word]
                n_on += popcount(after)
                n_turned_on += popcount(after & ~state[word])
                state[word] = after
            measure(stored, state, distances)
            leader = nearest_of(distances)
            overlap[copy, column] = n_spins - 2 * distances[target]
            activity[copy, column] = n_on
            turned_on[copy, column] = n_turned_on
            if nearest.shape[1]:
                nearest[copy, column] = leader
