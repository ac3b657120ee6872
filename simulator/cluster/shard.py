"""A worker: a Ray actor that steps some of the blocks of a system."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import ray
import torch

from simulator.cluster.parcel import unpack
from simulator.cluster.post import Member, Post
from simulator.engine import System, Team


class Pulse(NamedTuple):
    """A sign of life."""

    step: int
    """Steps made."""
    cpu_s: float
    """Processor time used so far, seconds."""
    memory: int
    """Most memory held so far, bytes."""


class Shard:
    """One member of a team; it does what the driver asks, call after call, and answers for itself at any time."""

    def __init__(self, me: int, size: int, *, device: str, threads: int) -> None:
        self._device, self._threads = torch.device(device), threads
        self._post = Post()
        self._team = Member(me, size, post=self._post, device=self._device)
        self._system: System | None = None
        self._n_calls = 0

    def host(self) -> tuple[str, int]:
        """Return the node and the process in which this lives."""
        return ray.get_runtime_context().get_node_id(), os.getpid()

    def build(self, make: Callable[[Team], System], peers: Sequence[Any]) -> None:
        """Get to know the others, and build the system."""
        torch.set_num_threads(self._threads)
        self._team.peers = [_Handle(peer) for peer in peers]
        self._system = make(self._team)

    def ask(self, number: int, name: str, keywords: dict[str, Any]) -> list[dict[int, Any]]:
        """Go through call `number`, and return what was shared and gathered in it; no call is gone through twice."""
        assert self._system is not None and number == self._n_calls, f"call {number} after {self._n_calls}"
        self._n_calls += 1
        getattr(self._system, name)(**unpack(keywords, self._device))
        reports, self._team.reports = self._team.reports, []
        return reports

    def sent(self) -> tuple[int, int]:
        """Return parcels and bytes sent to other members so far."""
        return self._team.n_sent, self._team.sent_bytes

    @ray.method(concurrency_group="post")
    def deliver(self, source: int, number: int, parcel: Any) -> None:
        """Take in a parcel from another member."""
        self._post.put(source, number, parcel)

    @ray.method(concurrency_group="post")
    def pulse(self) -> Pulse:
        """Return a sign of life."""
        made = self._system.now if self._system is not None else 0
        return Pulse(made, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


class _Handle:
    """Another shard as a peer."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def deliver(self, source: int, number: int, parcel: Any) -> None:
        self._actor.deliver.remote(source, number, parcel)
