"""Spins as bits: +1 is a set bit, spin i is bit i mod 64 of word i / 64."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int8, Num, UInt64

WORD_BYTES = 8


def pack(spins: Num[np.ndarray, "*batch D"]) -> UInt64[np.ndarray, "*batch W"]:
    """Return spins `[…, D]` of ±1 as words `[…, W]`."""
    bits = np.packbits(spins > 0, axis=-1, bitorder="little")
    missing = -bits.shape[-1] % WORD_BYTES
    return np.pad(bits, [(0, 0)] * (bits.ndim - 1) + [(0, missing)]).view("<u8")


def unpack(words: UInt64[np.ndarray, "*batch W"], n_spins: int) -> Int8[np.ndarray, "*batch D"]:
    """Return spins `[…, D]` of ±1."""
    bits = np.unpackbits(words.view(np.uint8), axis=-1, count=n_spins, bitorder="little")
    return bits.astype(np.int8) * 2 - 1
