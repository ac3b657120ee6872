"""The random words of the copies: a counter-based generator without a state.

Word number i of a key is output i of SplitMix64 seeded with it (Steele, Lea & Flood 2014): mix(key + i · golden). Any
kernel can compute the words of any step in any order, and words that are not needed cost nothing. This is the version
in torch; `kernels/random_words.py` is the compiled one.

To set a spin with chance p, a uniform number is compared with p, 16 bits at a time and only until they differ. p is
exact to 2^−64; of a float64 of 2^−11 or more all binary digits count. p = 1 becomes 1 − 2^−53.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Bool, Float, Int64, UInt64

GOLDEN = 0x9E3779B97F4A7C15
FIRST_FACTOR = 0xBF58476D1CE4E5B9
SECOND_FACTOR = 0x94D049BB133111EB
WORD_BITS = 64
DIGIT_BITS = 16
DIGITS = WORD_BITS // DIGIT_BITS
DIGIT = 2**DIGIT_BITS - 1


def chance_bits(chances: Float[np.ndarray, " C"]) -> UInt64[np.ndarray, " C"]:
    """Return the first 64 binary digits of chances in 0 … 1, `[C]` uint64."""
    scaled = np.ldexp(np.asarray(chances, dtype=np.float64), WORD_BITS)
    return np.minimum(scaled, 2.0**WORD_BITS - 2.0**11).astype(np.uint64)


def words(keys: Int64[torch.Tensor, " C"], first: int, count: int) -> Int64[torch.Tensor, "C count"]:
    """Return words number `first` … `first + count − 1` of every key `[C]`, `[C, count]` (64 bits as int64)."""
    number = first + torch.arange(count, device=keys.device)
    word = keys[:, None] + number * _signed(GOLDEN)
    word = (word ^ _shifted(word, 30)) * _signed(FIRST_FACTOR)
    word = (word ^ _shifted(word, 27)) * _signed(SECOND_FACTOR)
    return word ^ _shifted(word, 31)


def bernoulli(
    keys: Int64[torch.Tensor, " C"], step: int, chances: Int64[torch.Tensor, " C"], n_spins: int
) -> Bool[torch.Tensor, "C n_spins"]:
    """Return `[C, n_spins]`, True with the chance of each copy, given by `chance_bits [C]` as int64.

    Digit r (16 bits) of the uniform number of spin i is digit i mod 4 of word (4 step + r) ⌈n_spins / 4⌉ + ⌊i / 4⌋.
    """
    width, shifts = -(-n_spins // DIGITS), DIGIT_BITS * torch.arange(DIGITS, device=keys.device)
    undecided = torch.ones(len(keys), n_spins, dtype=torch.bool, device=keys.device)
    drawn = torch.zeros_like(undecided)
    for number in range(DIGITS):
        word = words(keys, (step * DIGITS + number) * width, width)
        digit = ((word[:, :, None] >> shifts) & DIGIT).reshape(len(keys), -1)[:, :n_spins]
        limit = (chances[:, None] >> (WORD_BITS - DIGIT_BITS * (number + 1))) & DIGIT
        drawn |= undecided & (digit < limit)
        undecided &= digit == limit
        if not undecided.any():
            break
    return drawn


def uniforms(keys: Int64[torch.Tensor, " C"], step: int, count: int) -> Float[torch.Tensor, "C count"]:
    """Return float64 numbers in [0, 1), `[C, count]`, multiples of 2^−53."""
    return _shifted(words(keys, step * count, count), 11).double() * 2.0**-53


def orders(keys: Int64[torch.Tensor, " C"], step: int, n_spins: int) -> Int64[torch.Tensor, "C n_spins"]:
    """Return a random order of the spins for every key, `[C, n_spins]`."""
    return torch.argsort(_shifted(words(keys, step * n_spins, n_spins), 1), dim=1, stable=True)


def _shifted(word: torch.Tensor, bits: int) -> torch.Tensor:
    """Shift to the right, filling with zeros."""
    return (word >> bits) & ((1 << (WORD_BITS - bits)) - 1)


def _signed(value: int) -> int:
    return value - 2**WORD_BITS
