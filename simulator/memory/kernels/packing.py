"""Spins as bits: +1 is a set bit, spin i is bit i mod 64 of word i / 64."""

from __future__ import annotations

import numpy as np

WORD_BYTES = 8


def pack(spins: np.ndarray) -> np.ndarray:
    """Return spins `[…, D]` of ±1 as words `[…, W]` uint64."""
    bits = np.packbits(spins > 0, axis=-1, bitorder="little")
    missing = -bits.shape[-1] % WORD_BYTES
    return np.pad(bits, [(0, 0)] * (bits.ndim - 1) + [(0, missing)]).view("<u8")


def unpack(words: np.ndarray, n_spins: int) -> np.ndarray:
    """Return spins `[…, D]` int8 of ±1."""
    bits = np.unpackbits(words.view(np.uint8), axis=-1, count=n_spins, bitorder="little")
    return bits.astype(np.int8) * 2 - 1
