"""The exchanges of one step, and the catalogue of rules that draw them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.registry import Registry

pairing = Registry("pairing", package="hubbub.simulator.pairing", supplied=("topology", "generator"))
"""Decorator and catalogue of functions (topology, generator) → `Exchanges`."""


class Exchanges(NamedTuple):
    """Who speaks to whom in one step, sorted by speaker: two index arrays `[M]` (int64)."""

    speakers: NDArray[np.int64]
    listeners: NDArray[np.int64]


def with_self_talk(
    exchanges: Exchanges, probability: float | NDArray[np.float64], generator: np.random.Generator
) -> Exchanges:
    """Return the exchanges in which each listener is, with its exchange's probability, the speaker itself."""
    to_self = generator.random(len(exchanges.speakers)) < probability
    return Exchanges(exchanges.speakers, np.where(to_self, exchanges.speakers, exchanges.listeners))


def proportions(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positive `weights [E]` divided by their sum, which itself may be too large for a number."""
    shares = weights / weights.max()
    return shares / shares.sum()
