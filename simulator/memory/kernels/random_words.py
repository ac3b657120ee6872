"""The random words of `hubbub.simulator.memory.random_words`, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel
from hubbub.simulator.memory import random_words

GOLDEN = np.uint64(random_words.GOLDEN)
FIRST_FACTOR = np.uint64(random_words.FIRST_FACTOR)
SECOND_FACTOR = np.uint64(random_words.SECOND_FACTOR)
S1, S11, S27, S30, S31, S48 = (np.uint64(shift) for shift in (1, 11, 27, 30, 31, 48))
ZERO, ONE, DIGIT = np.uint64(0), np.uint64(1), np.uint64(random_words.DIGIT)
WORD_BITS, DIGIT_BITS, DIGITS = random_words.WORD_BITS, random_words.DIGIT_BITS, random_words.DIGITS


@intrinsic
def popcount(context: Any, word: Any) -> Any:
    """Return the number of bits that are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@kernel(inline="always")
def word_at(key: np.uint64, number: np.uint64) -> np.uint64:
    """Return word `number` of a key."""
    word = key + number * GOLDEN
    word = (word ^ (word >> S30)) * FIRST_FACTOR
    word = (word ^ (word >> S27)) * SECOND_FACTOR
    return word ^ (word >> S31)


@kernel
def spin_mask(n_spins: int) -> NDArray[np.uint64]:
    """Return words `[W]` in which the bit of every spin is set, and no other."""
    mask = np.zeros((n_spins + WORD_BITS - 1) // WORD_BITS, np.uint64)
    for spin in range(n_spins):
        mask[spin // WORD_BITS] |= ONE << np.uint64(spin % WORD_BITS)
    return mask


@intrinsic
def compare_digits(context: Any, words: Any, first: Any, limit: Any) -> Any:
    """Return which of the 64 digits from word `first` on are below a digit, and which are equal to it, as two words."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        digit = ir.IntType(DIGIT_BITS)
        drawn = _load_64(context, builder, signature.args[0], arguments, digit)
        limits = _broadcast_64(builder, builder.trunc(arguments[2], digit))
        both = [_as_word(builder, builder.icmp_unsigned(sign, drawn, limits)) for sign in ("<", "==")]
        return context.make_tuple(builder, signature.return_type, both)

    return types.UniTuple(types.uint64, 2)(words, types.intp, types.uint64), generate


@intrinsic
def above(context: Any, numbers: Any, first: Any, limit: Any) -> Any:
    """Return which of the 64 float32 numbers from `first` on are above a limit, as a word."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        values = _load_64(context, builder, signature.args[0], arguments, ir.FloatType())
        return _as_word(builder, builder.fcmp_ordered(">", values, _broadcast_64(builder, arguments[2])))

    return types.uint64(numbers, types.intp, types.float32), generate


def _load_64(context: Any, builder: Any, array: Any, arguments: Any, kind: Any) -> Any:
    """Load 64 neighbouring numbers of a type from an array (first argument), from an index on (second argument)."""
    place = builder.gep(context.make_array(array)(context, builder, arguments[0]).data, [arguments[1]])
    return builder.load(builder.bitcast(place, ir.VectorType(kind, WORD_BITS).as_pointer()), align=4)


def _broadcast_64(builder: Any, value: Any) -> Any:
    """Return a vector of 64 times the same value."""
    index = ir.IntType(32)
    one = builder.insert_element(ir.Constant(ir.VectorType(value.type, WORD_BITS), ir.Undefined), value, index(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(index, WORD_BITS), [0] * WORD_BITS))


def _as_word(builder: Any, truths: Any) -> Any:
    """Return 64 truth values as the bits of a word, the first as the lowest."""
    return builder.bitcast(truths, ir.IntType(WORD_BITS))


@kernel
def draw_flips(
    key: np.uint64,
    step: int,
    chance_bits: np.uint64,
    mask: NDArray[np.uint64],
    words: NDArray[np.uint64],
    flips: NDArray[np.uint64],
) -> None:
    """Fill `flips [W]` with the bits of a step, each set with the chance whose first 64 binary digits are given.

    `mask [W]` has a set bit for every spin, `words [16 W]` is memory for the random words. The first 16 bits of all
    uniform numbers are compared at once; one number in 65,536 needs more than that.
    """
    n_spins = np.uint64(0)
    for word in range(len(mask)):
        n_spins += popcount(mask[word])
    width = (np.int64(n_spins) + DIGITS - 1) // DIGITS
    first = np.uint64(step * DIGITS * width)
    for number in range(len(words)):
        words[number] = word_at(key, first + np.uint64(number))
    for word in range(len(mask)):
        below, equal = compare_digits(words, word * DIGIT_BITS, chance_bits >> S48)
        flips[word] = below & mask[word]
        equal &= mask[word]
        while equal:
            place = popcount(~equal & (equal - ONE))
            equal &= equal - ONE
            if _is_below(key, step, chance_bits, width, word * WORD_BITS + np.int64(place)):
                flips[word] |= ONE << place


@njit
def _is_below(key: np.uint64, step: int, chance_bits: np.uint64, width: int, spin: int) -> bool:
    """Return whether the uniform number of a spin is below the chance, from the second digit on."""
    for number in range(1, DIGITS):
        word = word_at(key, np.uint64((step * DIGITS + number) * width + spin // DIGITS))
        digit = (word >> np.uint64(DIGIT_BITS * (spin % DIGITS))) & DIGIT
        limit = (chance_bits >> np.uint64(WORD_BITS - DIGIT_BITS * (number + 1))) & DIGIT
        if digit != limit:
            return digit < limit
    return False


@kernel
def empty_words(mask: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the memory `[16 W]` for words that `draw_flips` needs."""
    return np.empty(DIGIT_BITS * len(mask), np.uint64)


@kernel(inline="always")
def bit(words: NDArray[np.uint64], spin: int) -> bool:
    """Return whether the bit of a spin is set."""
    return (words[spin >> 6] >> np.uint64(spin & 63)) & ONE != ZERO


@kernel(inline="always")
def uniform(key: np.uint64, number: int) -> float:
    """Return a number in [0, 1)."""
    return np.float64(word_at(key, np.uint64(number)) >> S11) * 2.0**-53


@kernel
def draw_order(key: np.uint64, step: int, n_spins: int) -> NDArray[np.int64]:
    """Return a random order of the spins, `[n_spins]`."""
    numbers = np.empty(n_spins, np.int64)
    for spin in range(n_spins):
        numbers[spin] = np.int64(word_at(key, np.uint64(step * n_spins + spin)) >> S1)
    return np.argsort(numbers, kind="mergesort")
