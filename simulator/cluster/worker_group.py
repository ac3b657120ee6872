"""The workers of a run, from the driver's side: called together, watched together, and replaced together."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayError
from ray.util.placement_group import placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from hubbub.simulator.cluster.faults import Fault, InsufficientResources, faults
from hubbub.simulator.cluster.fingerprint import fingerprint
from hubbub.simulator.cluster.message_batch import pack
from hubbub.simulator.cluster.raised import Raised, WorkerRaised
from hubbub.simulator.cluster.worker import Heartbeat, Host, Worker, machine
from hubbub.simulator.engine import System, Team
from hubbub.simulator.errors import ConfigurationError

HEARTBEAT_S = 2.0
"""Seconds between two heartbeats of workers that have not answered a call yet."""
HEARTBEAT_TIMEOUT_S = 60.0
"""After so many seconds without a heartbeat, or without any worker computing anything, workers count as lost."""
START_TIMEOUT_S = 300.0
"""Seconds within which all workers must start."""
RESOURCES_TIMEOUT_S = 60.0
"""Seconds within which the cluster must have resources for the workers."""


class WorkerGroup:
    """As many Ray actors as a team has members; after a fault the whole group is replaced.

    Raises `Fault` when a worker is lost, hangs or cannot be started; errors of the system are raised as they are.
    """

    def __init__(
        self,
        make: Callable[[Team], System],
        n: int,
        *,
        device: str,
        threads: int,
        waiting: Callable[[Sequence[Heartbeat]], None],
    ) -> None:
        self._waiting = waiting
        self._workers: list[Any] = []
        self._hosts: list[Host] = []
        self._n_calls = 0
        self._placement: Any = None
        try:
            with faults():
                self._start(make, n, device, threads)
        except BaseException:
            self.shutdown()
            raise

    def _start(self, make: Callable[[Team], System], n: int, device: str, threads: int) -> None:
        self._placement = placement_group(
            [{"CPU": threads} | ({"GPU": 1} if device == "cuda" else {})] * n, strategy="PACK"
        )
        if not self._placement.wait(RESOURCES_TIMEOUT_S):
            raise InsufficientResources(
                f"no resources for {n} workers of {threads} cores within {RESOURCES_TIMEOUT_S:.0f} s"
            )
        actor = ray.remote(concurrency_groups={"mailbox": 1})(Worker)  # type: ignore[call-overload]
        self._workers = [
            actor.options(
                num_cpus=threads,
                num_gpus=int(device == "cuda"),
                max_restarts=0,
                scheduling_strategy=PlacementGroupSchedulingStrategy(
                    self._placement, placement_group_bundle_index=rank
                ),
            ).remote(rank, n, device=device, threads=threads)
            for rank in range(n)
        ]
        hosts = [worker.host.remote() for worker in self._workers]
        if len(ray.wait(hosts, num_returns=n, timeout=START_TIMEOUT_S)[0]) < n:
            raise Fault(f"not all of {n} workers started within {START_TIMEOUT_S:.0f} s")
        self._hosts = self._results(hosts)
        for rank, host in enumerate(self._hosts):
            for name, own in fingerprint().items():
                if host.fingerprint[name] != own:
                    raise ConfigurationError(
                        f"workers: expected {name} {own} as here, or the bits would differ, got "
                        f"{host.fingerprint[name]} in worker {rank}; use machines of one kind and one installation"
                    )
        pickled = ray.cloudpickle.dumps(make)
        self._results([worker.build.remote(pickled, self._workers) for worker in self._workers])

    def call(self, name: str, **keywords: Any) -> list[list[dict[int, Any]]]:
        """Let all workers call a method of their system; return what each reported in it."""
        number, packed = self._n_calls, pack(keywords)
        self._n_calls += 1
        with faults():
            given = ray.put(packed) if name == "load" else packed
            return self._results([worker.call.remote(number, name, given) for worker in self._workers])

    def sent(self) -> tuple[int, int]:
        """Return number and bytes of the message batches that workers sent each other so far."""
        with faults():
            counts = self._results([worker.sent.remote() for worker in self._workers])
        return sum(batches for batches, _ in counts), sum(size for _, size in counts)

    def shutdown(self) -> None:
        """End all workers, also those that no longer answer."""
        for host in self._hosts:
            if host.machine == machine():
                with suppress(OSError):
                    if f"ray::{Worker.__name__}".encode() in Path(f"/proc/{host.pid}/cmdline").read_bytes():
                        os.kill(host.pid, signal.SIGKILL)
        with suppress(RayError, ConnectionError):
            for worker in self._workers:
                ray.kill(worker)
            if self._placement:
                remove_placement_group(self._placement)

    def heartbeats(self) -> list[Heartbeat]:
        """Return a heartbeat of every worker; `Fault` when one does not answer."""
        refs = [worker.heartbeat.remote() for worker in self._workers]
        _, silent = ray.wait(refs, num_returns=len(refs), timeout=HEARTBEAT_TIMEOUT_S)
        if silent:
            raise Fault(f"worker {refs.index(silent[0])} gave no heartbeat for {HEARTBEAT_TIMEOUT_S:.0f} s")
        heartbeats: list[Heartbeat] = ray.get(refs)
        return heartbeats

    def _results(self, refs: list[Any]) -> list[Any]:
        """Return the results of all workers in order; raise the error of the first one that fails."""
        pending = list(refs)
        results: dict[Any, Any] = {}
        idle_since, used = time.monotonic(), -1.0
        while pending:
            ready, pending = ray.wait(pending, num_returns=1, timeout=HEARTBEAT_S)
            for ref in ready:
                results[ref] = ray.get(ref)
                if isinstance(results[ref], Raised):
                    raise WorkerRaised(results[ref])
            if not ready:
                heartbeats = self.heartbeats()
                self._waiting(heartbeats)
                if (now := sum(heartbeat.cpu_s for heartbeat in heartbeats)) > used:
                    idle_since, used = time.monotonic(), now
                if time.monotonic() - idle_since > HEARTBEAT_TIMEOUT_S:
                    raise Fault(f"no worker computed anything for {HEARTBEAT_TIMEOUT_S:.0f} s")
        return [results[ref] for ref in refs]


def capacity(device: str, threads: int) -> int:
    """Return how many workers the nodes of the cluster could hold if they were idle."""
    with faults():
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    return sum(
        min(int(node.get("CPU", 0) // threads), int(node.get("GPU", 0)) if device == "cuda" else sys.maxsize)
        for node in nodes
    )
