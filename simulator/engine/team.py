"""The processes that step one system together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

import numpy as np
from jaxtyping import Float, Int

T = TypeVar("T")


class Team(Protocol):
    """The processes that step one system together, as the processes of an MPI communicator do.

    A system that can be distributed is cut into blocks. Every member runs the same program with the blocks of its own
    process. One more member, the driver, has no blocks: it records and saves the run. What a member does must follow
    from the configuration and from what is shared, so that all of them swap, share and gather in the same order.
    """

    @property
    def rank(self) -> int:
        """Number of this member; -1 for a driver without blocks."""

    @property
    def size(self) -> int:
        """How many members have blocks."""

    def place(self, traffic: Float[np.ndarray, "B B"]) -> Int[np.ndarray, " B"]:
        """Return the rank of the member that holds each of B blocks, from the `traffic` between the blocks."""

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Send message batches to other members, by rank, and return those that come from `sources`, in that order."""

    def share(self, own: Mapping[int, T]) -> list[T]:
        """Return the values of all blocks, in order, to every member; `own` are those of this process's blocks."""

    def gather(self, own: Mapping[int, T]) -> list[T] | None:
        """Return the values of all blocks, in order, where the run is recorded, and None elsewhere."""


class SingleProcess:
    """One process with all blocks."""

    rank, size = 0, 1

    def place(self, traffic: Float[np.ndarray, "B B"]) -> Int[np.ndarray, " B"]:
        """Return rank 0 for every block."""
        return np.zeros(len(traffic), dtype=np.int64)

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Return nothing: there is no other member."""
        assert not batches and not sources
        return []

    def share(self, own: Mapping[int, T]) -> list[T]:
        """Return the values."""
        return list(own.values())

    gather = share
