"""The random words of the copies, by address.

Word number i of a key is output i of SplitMix64 seeded with it (Steele, Lea & Flood 2014): mix(key + i · golden). There
is no state, so any kernel makes the words of any step in any order, and words that are not needed cost nothing. This is
the plain form; `kernels/words.py` is the compiled one.

A spin that is set with chance p compares a uniform number with p, 16 bits at a time and only until they differ: p is
exact to 2^−64, and all binary places of a float64 of 2^−11 or more count. p = 1 is 1 − 2^−53.
"""

from __future__ import annotations

import numpy as np
import torch

GOLDEN = 0x9E3779B97F4A7C15
FIRST_FACTOR = 0xBF58476D1CE4E5B9
SECOND_FACTOR = 0x94D049BB133111EB
WORD_BITS = 64
DIGIT_BITS = 16
DIGITS = WORD_BITS // DIGIT_BITS
DIGIT = 2**DIGIT_BITS - 1


def thresholds(chances: np.ndarray) -> np.ndarray:
    """Return the first 64 binary places of chances in 0 … 1, uint64."""
    scaled = np.ldexp(np.asarray(chances, dtype=np.float64), WORD_BITS)
    return np.minimum(scaled, 2.0**WORD_BITS - 2.0**11).astype(np.uint64)


def words(keys: torch.Tensor, first: int, count: int) -> torch.Tensor:
    """Return words number `first` … `first + count − 1` of every key `[C]`, `[C, count]` (bits in int64)."""
    number = first + torch.arange(count, device=keys.device)
    word = keys[:, None] + number * _signed(GOLDEN)
    word = (word ^ _shifted(word, 30)) * _signed(FIRST_FACTOR)
    word = (word ^ _shifted(word, 27)) * _signed(SECOND_FACTOR)
    return word ^ _shifted(word, 31)


def bernoulli(keys: torch.Tensor, step: int, places: torch.Tensor, n_spins: int) -> torch.Tensor:
    """Return `[C, n_spins]`, True with the chance whose binary places are `places [C]`.

    Digit r (16 bits) of the uniform number of spin i is digit i mod 4 of word (4 step + r) ⌈n_spins / 4⌉ + ⌊i / 4⌋.
    """
    width, shifts = -(-n_spins // DIGITS), DIGIT_BITS * torch.arange(DIGITS, device=keys.device)
    undecided = torch.ones(len(keys), n_spins, dtype=torch.bool, device=keys.device)
    drawn = torch.zeros_like(undecided)
    for number in range(DIGITS):
        word = words(keys, (step * DIGITS + number) * width, width)
        digit = ((word[:, :, None] >> shifts) & DIGIT).reshape(len(keys), -1)[:, :n_spins]
        limit = (places[:, None] >> (WORD_BITS - DIGIT_BITS * (number + 1))) & DIGIT
        drawn |= undecided & (digit < limit)
        undecided &= digit == limit
        if not undecided.any():
            break
    return drawn


def uniforms(keys: torch.Tensor, step: int, count: int) -> torch.Tensor:
    """Return float64 numbers in [0, 1), `[C, count]`, multiples of 2^−53."""
    return _shifted(words(keys, step * count, count), 11).double() * 2.0**-53


def orders(keys: torch.Tensor, step: int, n_spins: int) -> torch.Tensor:
    """Return a random order of the spins for every key, `[C, n_spins]`."""
    return torch.argsort(_shifted(words(keys, step * n_spins, n_spins), 1), dim=1, stable=True)


def _shifted(word: torch.Tensor, places: int) -> torch.Tensor:
    """Shift to the right, filling with zeros."""
    return (word >> places) & ((1 << (WORD_BITS - places)) - 1)


def _signed(value: int) -> int:
    return value - 2**WORD_BITS
