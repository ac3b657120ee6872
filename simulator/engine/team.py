"""Those who step one system together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

import numpy as np

T = TypeVar("T")


class Team(Protocol):
    """The processes that step one system together.

    A system that can be shared out is cut into blocks. Every member runs the same program with the blocks that live
    with it. One member, the driver, has no blocks: it is where the run is recorded and saved. What a member does must
    follow from the configuration and from what is shared, so that all of them swap, share and gather in the same order.
    """

    @property
    def rank(self) -> int:
        """Number of this member; -1 for a driver without blocks."""

    @property
    def size(self) -> int:
        """How many members have blocks."""

    def place(self, traffic: np.ndarray) -> np.ndarray:
        """Return with which member each of B blocks lives, `[B]`, from what travels between them, `[B, B]`."""

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Send parcels to other members, by number, and return those that come from `sources`, in that order."""

    def share(self, mine: Mapping[int, T]) -> list[T]:
        """Return the values of all blocks, in order, to every member; `mine` are those of the blocks that live here."""

    def gather(self, mine: Mapping[int, T]) -> list[T] | None:
        """Return the values of all blocks, in order, where the run is recorded, and None elsewhere."""


class SingleProcess:
    """One process with all blocks."""

    rank, size = 0, 1

    def place(self, traffic: np.ndarray) -> np.ndarray:
        """Return that all blocks live here."""
        return np.zeros(len(traffic), dtype=np.int64)

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Return nothing: there is nobody else."""
        assert not batches and not sources
        return []

    def share(self, mine: Mapping[int, T]) -> list[T]:
        """Return the values."""
        return list(mine.values())

    gather = share
