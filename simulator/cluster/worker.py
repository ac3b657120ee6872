"""A worker: a Ray actor that steps some of the blocks of a system."""

from __future__ import annotations

import os
import platform
import resource
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import ray
import torch

from hubbub.simulator.cluster.fingerprint import fingerprint
from hubbub.simulator.cluster.mailbox import Mailbox, Member
from hubbub.simulator.cluster.message_batch import unpack
from hubbub.simulator.engine import System, Team


class Heartbeat(NamedTuple):
    """A sign of life."""

    step: int
    """Steps made."""
    cpu_s: float
    """Processor time that calls have used so far, seconds."""
    memory: int
    """Most memory held so far, bytes."""


class Host(NamedTuple):
    """Where a worker lives."""

    machine: str
    process: int
    fingerprint: dict[str, str]


def machine() -> str:
    """Return a name of this machine, or container, since it was started."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{platform.node()} {boot.read_text().strip() if boot.exists() else ''}"


class Shard:
    """One member of a team; it does what the driver asks, call after call, and answers for itself at any time."""

    def __init__(self, rank: int, size: int, *, device: str, threads: int) -> None:
        self._device, self._threads = torch.device(device), threads
        self._mailbox = Mailbox()
        self._team = Member(rank, size, mailbox=self._mailbox, device=self._device)
        self._system: System | None = None
        self._clock: int | None = None
        self._n_calls = 0

    def host(self) -> Host:
        """Return where this lives and what its bits depend on."""
        torch.set_num_threads(self._threads)
        return Host(machine(), os.getpid(), fingerprint())

    def build(self, make: Callable[[Team], System], peers: Sequence[Any]) -> None:
        """Get to know the others, and build the system."""
        torch.set_num_threads(self._threads)
        self._clock = time.pthread_getcpuclockid(threading.get_ident())
        self._team.peers = [_Handle(peer) for peer in peers]
        self._system = make(self._team)

    def ask(self, number: int, name: str, keywords: dict[str, Any]) -> list[dict[int, Any]]:
        """Go through call `number`, and return what was shared and gathered in it; no call is gone through twice."""
        assert self._system is not None and number == self._n_calls, f"call {number} after {self._n_calls}"
        self._n_calls += 1
        getattr(self._system, name)(**unpack(keywords, torch.device("cpu")))  # where states are, on a GPU too
        reports, self._team.reports = self._team.reports, []
        return reports

    def sent(self) -> tuple[int, int]:
        """Return parcels and bytes sent to other members so far."""
        return self._team.n_sent, self._team.sent_bytes

    @ray.method(concurrency_group="mailbox")
    def deliver(self, source: int, number: int, batch: Any) -> None:
        """Take in a parcel from another member."""
        self._mailbox.put(source, number, batch)

    @ray.method(concurrency_group="mailbox")
    def heartbeat(self) -> Heartbeat:
        """Return a sign of life."""
        made = self._system.now if self._system is not None else 0
        used = time.clock_gettime(self._clock) if self._clock is not None else 0.0
        return Heartbeat(made, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


class _Handle:
    """Another shard as a peer."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    def deliver(self, source: int, number: int, batch: Any) -> None:
        self._actor.deliver.remote(source, number, batch)
