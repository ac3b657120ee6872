"""A worker: a Ray actor that steps some of the blocks of a system."""

from __future__ import annotations

import os
import platform
import resource
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import ray
import torch
from ray import cloudpickle

from hubbub.simulator.cluster.fingerprint import fingerprint
from hubbub.simulator.cluster.mailbox import Mailbox, Member
from hubbub.simulator.cluster.message_batch import unpack
from hubbub.simulator.cluster.raised import caught
from hubbub.simulator.engine import System


class Heartbeat(NamedTuple):
    """What a worker answers at any time, also while it computes."""

    step: int
    """Number of steps made so far."""
    cpu_s: float
    """Processor time that its calls have used so far, seconds."""
    memory: int
    """Largest memory used so far, bytes."""


class Host(NamedTuple):
    """Where a worker runs."""

    machine: str
    pid: int
    fingerprint: dict[str, str]


def machine() -> str:
    """Return a name of this machine, or container, since it was started."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{platform.node()} {boot.read_text().strip() if boot.exists() else ''}"


class Worker:
    """A member of a team as a Ray actor: it makes the driver's calls one after the other, and answers heartbeats."""

    def __init__(self, rank: int, size: int, *, device: str, threads: int) -> None:
        self._device, self._threads = torch.device(device), threads
        self._mailbox = Mailbox()
        self._team = Member(rank, size, mailbox=self._mailbox, device=self._device)
        self._system: System | None = None
        self._clock: int | None = None
        self._n_calls = 0

    def host(self) -> Host:
        """Return where this worker runs, and what its bits depend on."""
        torch.set_num_threads(self._threads)
        return Host(machine(), os.getpid(), fingerprint())

    def build(self, make: bytes, workers: Sequence[Any]) -> object:
        """Build the system by a pickled function of a team; `workers` are the Ray actors of all members, by rank.

        Returns `Raised` where that raises anything.
        """
        torch.set_num_threads(self._threads)
        self._clock = time.pthread_getcpuclockid(threading.get_ident())
        self._team.peers = [_RemotePeer(worker) for worker in workers]
        return caught(self._team.rank, partial(self._build, make))

    def call(self, number: int, name: str, keywords: dict[str, Any]) -> object:
        """Make call `number` of a method of the system, and return what was shared and gathered in it.

        Calls are numbered, so that none is made twice. Returns `Raised` where the method raises anything.
        """
        assert self._system is not None and number == self._n_calls, f"call {number} after {self._n_calls}"
        self._n_calls += 1
        return caught(self._team.rank, partial(self._call, name, keywords))

    def sent(self) -> tuple[int, int]:
        """Return number and bytes of the message batches sent to other members so far."""
        return self._team.n_sent, self._team.sent_bytes

    @ray.method(concurrency_group="mailbox")
    def deliver(self, source: int, number: int, batch: Any) -> None:
        """Receive a message batch from another member."""
        self._mailbox.put(source, number, batch)

    @ray.method(concurrency_group="mailbox")
    def heartbeat(self) -> Heartbeat:
        """Return steps, processor time and memory so far."""
        made = self._system.now if self._system is not None else 0
        used = time.clock_gettime(self._clock) if self._clock is not None else 0.0
        return Heartbeat(made, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)

    def _build(self, make: bytes) -> None:
        self._system = cloudpickle.loads(make)(self._team)

    def _call(self, name: str, keywords: dict[str, Any]) -> list[dict[int, Any]]:
        getattr(self._system, name)(**unpack(keywords, torch.device("cpu")))  # a state is on the CPU, with a GPU too
        reports, self._team.reports = self._team.reports, []
        return reports


class _RemotePeer:
    """Another worker as a peer."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker

    def deliver(self, source: int, number: int, batch: Any) -> None:
        self._worker.deliver.remote(source, number, batch)
