"""Counting: numbers of things that are there, and the exact part of a number of things that a share means."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Int

from hubbub.simulator.errors import ConfigurationError, complaint

MOST_PARTS = 10**6
"""Shares with up to this denominator are taken for what they are written as: 0.07 for 7 / 100, 1 / 3 for a third."""


def part(share: float, n: int) -> Fraction:
    """Return share · n exactly, for `math.ceil`, `math.floor` or `round`.

    A float is next to the share that is meant: 0.07 · 100 is 7.000000000000001 as floats, 0.29 · 100 is
    28.999999999999996. So a float within 4 units in its last place of a fraction with a denominator up to a million
    stands for that fraction.
    """
    given = Fraction(share)
    simple = given.limit_denominator(MOST_PARTS)
    meant = simple if abs(simple - given) <= 4 * Fraction(math.ulp(share)) else given
    return meant * n


def numbers_below(values: Any, n: int, *, name: str) -> Int[np.ndarray, "*shape"]:
    """Return numbers of things of which there are n, as int64: all of them whole, 0 … n − 1.

    Raises
    ------
    ConfigurationError
        Other numbers, fractions or no numbers; `name` is what the message calls them.
    """
    given = np.asarray(values)
    if given.dtype.kind not in "iuf" and given.size:
        raise ConfigurationError(complaint(name, expected=f"0 … {n - 1}", got=str(given.dtype)))
    with np.errstate(invalid="ignore"):
        wrong = ~((given >= 0) & (given < n) & (given % 1 == 0)) if given.size else np.zeros(given.shape, dtype=bool)
    if wrong.any():
        raise ConfigurationError(complaint(name, expected=f"0 … {n - 1}", got=given[wrong][0].item()))
    return given.astype(np.int64, copy=False)
