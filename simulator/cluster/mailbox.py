"""How the members of a team reach each other."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import torch

from hubbub.simulator.cluster.message_batch import pack, size, unpack
from hubbub.simulator.cluster.place import place

T = TypeVar("T")


class Peer(Protocol):
    """Another member, as one that can be sent something."""

    def deliver(self, source: int, number: int, batch: Any) -> None:
        """Hand over parcel number `number` from member `source`, without waiting for anything."""


class Mailbox:
    """What came from other members and was not called for yet.

    Parcels between two members are numbered, so the order in which they arrive does not matter, nor that they come
    before anybody waits for them.
    """

    def __init__(self) -> None:
        self._came = threading.Condition()
        self._boxes: dict[tuple[int, int], Any] = {}
        self._called_for = Counter[int]()

    def put(self, source: int, number: int, batch: Any) -> None:
        """Take in a parcel."""
        with self._came:
            self._boxes[source, number] = batch
            self._came.notify_all()

    def take(self, source: int) -> Any:
        """Return the next parcel from a member, waiting until it has come."""
        at = source, self._called_for[source]
        self._called_for[source] += 1
        with self._came:
            self._came.wait_for(lambda: at in self._boxes)
            return self._boxes.pop(at)


class Member:
    """One of a team with blocks; a `hubbub.simulator.engine.Team`.

    Attributes
    ----------
    reports
        What was shared and gathered since they were last handed in: by turn, values by block.
    sent_bytes, n_sent
        What went to other members so far.
    """

    def __init__(self, rank: int, size: int, *, mailbox: Mailbox, device: torch.device) -> None:
        self.rank, self.size = rank, size
        self.peers: Sequence[Peer] = ()
        self.reports: list[dict[int, Any]] = []
        self.sent_bytes, self.n_sent = 0, 0
        self._mailbox, self._device = mailbox, device
        self._posted = Counter[int]()

    def place(self, traffic: np.ndarray) -> np.ndarray:
        """Return with which member each of B blocks lives, `[B]`."""
        return place(traffic, self.size)

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Send parcels to other members, and return those that come from `sources`."""
        for member, batch in batches.items():
            packed = pack(batch)
            self.sent_bytes += size(packed)
            self.n_sent += 1
            self.peers[member].deliver(self.rank, self._posted[member], packed)
            self._posted[member] += 1
        return [unpack(self._mailbox.take(source), self._device) for source in sources]

    def share(self, mine: Mapping[int, T]) -> list[T]:
        """Return the values of all blocks; the driver is told of those that live here."""
        self.reports.append(pack(dict(mine)))
        others = [member for member in range(self.size) if member != self.rank]
        everything = dict(mine)
        for theirs in self.swap({member: dict(mine) for member in others}, others):
            everything |= theirs
        return [everything[number] for number in sorted(everything)]

    def gather(self, mine: Mapping[int, T]) -> None:
        """Tell the driver of the values of the blocks that live here."""
        self.reports.append(pack(dict(mine)))


class Driver:
    """The member without blocks, which records; a `hubbub.simulator.engine.Team`.

    It goes through a call after the others have, and reads what they have reported on the way.
    """

    rank = -1

    def __init__(self, size: int) -> None:
        self.size = size
        self.n_blocks = 0
        """How many blocks were placed last; no more members have anything to do."""
        self._reports: list[list[dict[int, Any]]] = []

    def hear(self, reports: Sequence[list[dict[int, Any]]]) -> None:
        """Take in the reports of all members on one call."""
        self._reports = [list(of_member) for of_member in reports]

    def place(self, traffic: np.ndarray) -> np.ndarray:
        """Return that all of B blocks live elsewhere, `[B]`; where, the others compute for themselves."""
        self.n_blocks = len(traffic)
        return np.zeros(len(traffic), dtype=np.int64)

    def swap(self, batches: Mapping[int, Any], sources: list[int]) -> list[Any]:
        """Return nothing: no block lives here, so nothing is sent or comes."""
        assert not batches and not sources
        return []

    def share(self, mine: Mapping[int, T]) -> list[T]:
        """Return the values of all blocks, as the members reported them."""
        assert not mine
        everything: dict[int, Any] = {}
        for of_member in self._reports:
            everything |= unpack(of_member.pop(0), torch.device("cpu"))
        return [everything[number] for number in sorted(everything)]

    gather = share
