"""How the members of a team send message batches to each other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from jaxtyping import Float, Int

from hubbub.simulator.cluster.message_batch import pack, size, unpack
from hubbub.simulator.cluster.placement import place

T = TypeVar("T")


class Peer(Protocol):
    """Another member, to which message batches can be sent."""

    def deliver(self, source: int, number: int, batch: Any) -> None:
        """Send message batch `number` from the member of rank `source`, without waiting for anything."""


class Mailbox:
    """Message batches that other members sent and that were not taken yet.

    The batches from one member to another are numbered, so they may arrive in any order, and before anybody waits for
    them.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._batches: dict[tuple[int, int], Any] = {}
        self._n_taken = Counter[int]()

    def put(self, source: int, number: int, batch: Any) -> None:
        """Add message batch `number` from the member of rank `source`."""
        with self._changed:
            self._batches[source, number] = batch
            self._changed.notify_all()

    def take(self, source: int) -> Any:
        """Return the next message batch from a member; wait until it has arrived."""
        key = source, self._n_taken[source]
        self._n_taken[source] += 1
        with self._changed:
            self._changed.wait_for(lambda: key in self._batches)
            return self._batches.pop(key)


class Member:
    """A member of a team with blocks; a `hubbub.simulator.engine.Team`.

    Attributes
    ----------
    reports
        What was shared and gathered since the driver last received it: one entry per call, values by block.
    sent_bytes, n_sent
        Bytes and number of the message batches sent to other members so far.
    """

    def __init__(self, rank: int, size: int, *, mailbox: Mailbox, device: torch.device) -> None:
        self.rank, self.size = rank, size
        self.peers: Sequence[Peer] = ()
        self.reports: list[dict[int, Any]] = []
        self.sent_bytes, self.n_sent = 0, 0
        self._mailbox, self._device = mailbox, device
        self._n_sent_to = Counter[int]()

    def place(self, traffic: Float[np.ndarray, "B B"]) -> Int[np.ndarray, " B"]:
        """Return the rank of the member that holds each of B blocks."""
        return place(traffic, self.size)

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Send message batches to other members, by rank, and return those that come from `sources`, in that order."""
        for rank, batch in batches.items():
            packed = pack(batch)
            self.sent_bytes += size(packed)
            self.n_sent += 1
            self.peers[rank].deliver(self.rank, self._n_sent_to[rank], packed)
            self._n_sent_to[rank] += 1
        return [unpack(self._mailbox.take(source), self._device) for source in sources]

    def share(self, own: Mapping[int, T]) -> list[T]:
        """Return the values of all blocks, in order; those of this member's blocks are reported to the driver."""
        self.reports.append(pack(dict(own)))
        others = [rank for rank in range(self.size) if rank != self.rank]
        values = dict(own)
        for received in self.swap({rank: dict(own) for rank in others}, others):
            values |= received
        return [values[number] for number in sorted(values)]

    def gather(self, own: Mapping[int, T]) -> None:
        """Report the values of this member's blocks to the driver."""
        self.reports.append(pack(dict(own)))


class Driver:
    """The member without blocks, which records the run; a `hubbub.simulator.engine.Team`.

    It makes a call after the other members have made it, and reads what they reported in it.
    """

    rank = -1

    def __init__(self, size: int) -> None:
        self.size = size
        self.n_blocks = 0
        """How many blocks were placed last; more members than that would have nothing to do."""
        self._reports: list[list[dict[int, Any]]] = []

    def receive(self, reports: Sequence[list[dict[int, Any]]]) -> None:
        """Take the reports of all members on one call."""
        self._reports = [list(of_member) for of_member in reports]

    def place(self, traffic: Float[np.ndarray, "B B"]) -> Int[np.ndarray, " B"]:
        """Return rank 0 for every block: the driver holds none, and the other members compute which of them does."""
        self.n_blocks = len(traffic)
        return np.zeros(len(traffic), dtype=np.int64)

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Return nothing: without blocks, nothing is sent or received."""
        assert not batches and not sources
        return []

    def share(self, own: Mapping[int, T]) -> list[T]:
        """Return the values of all blocks, in order, as the members reported them."""
        assert not own
        values: dict[int, Any] = {}
        for of_member in self._reports:
            values |= unpack(of_member.pop(0), torch.device("cpu"))
        return [values[number] for number in sorted(values)]

    gather = share
