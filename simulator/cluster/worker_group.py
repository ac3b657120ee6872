"""The workers of a run, from the driver's side: asked together, watched, and replaced together."""

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
from hubbub.simulator.cluster.shard import Heartbeat, Host, Shard, machine
from hubbub.simulator.engine import System, Team
from hubbub.simulator.errors import ConfigurationError

HEARTBEAT_S = 2.0
"""Seconds between two looks at workers that have not answered."""
SILENCE_S = 60.0
"""So long a worker may give no sign of life, or all of them do nothing, before they count as lost."""
START_S = 300.0
"""So long workers may take to begin."""
RESOURCES_S = 60.0
"""So long the cluster may take to make room for the workers."""


class WorkerGroup:
    """As many Ray actors as a team has members; a crew is never mended, only replaced.

    Raises `Fault` where a worker is lost, hangs or has no room; errors of the system itself come as they are.
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
        self._actors: list[Any] = []
        self._hosts: list[Host] = []
        self._n_calls = 0
        self._group: Any = None
        try:
            with faults():
                self._begin(make, n, device, threads)
        except BaseException:
            self.shutdown()
            raise

    def _begin(self, make: Callable[[Team], System], n: int, device: str, threads: int) -> None:
        self._group = placement_group(
            [{"CPU": threads} | ({"GPU": 1} if device == "cuda" else {})] * n, strategy="PACK"
        )
        if not self._group.wait(RESOURCES_S):
            raise InsufficientResources(f"no room for {n} workers of {threads} cores within {RESOURCES_S:.0f} s")
        actor = ray.remote(concurrency_groups={"mailbox": 1})(Shard)  # type: ignore[call-overload]
        self._actors = [
            actor.options(
                num_cpus=threads,
                num_gpus=int(device == "cuda"),
                max_restarts=0,
                scheduling_strategy=PlacementGroupSchedulingStrategy(self._group, placement_group_bundle_index=rank),
            ).remote(rank, n, device=device, threads=threads)
            for rank in range(n)
        ]
        hosts = [member.host.remote() for member in self._actors]
        if len(ray.wait(hosts, num_returns=n, timeout=START_S)[0]) < n:
            raise Fault(f"not all of {n} workers began within {START_S:.0f} s")
        self._hosts = self._all(hosts)
        for rank, host in enumerate(self._hosts):
            for name, mine in fingerprint().items():
                if host.fingerprint[name] != mine:
                    raise ConfigurationError(
                        f"workers: expected {name} {mine} as here, or the bits would differ, got "
                        f"{host.fingerprint[name]} in worker {rank}; use machines of one kind and one installation"
                    )
        self._all([member.build.remote(make, self._actors) for member in self._actors])

    def ask(self, name: str, **keywords: Any) -> list[list[dict[int, Any]]]:
        """Let all workers go through a call; return what each reported in it."""
        number, packed = self._n_calls, pack(keywords)
        self._n_calls += 1
        with faults():
            given = ray.put(packed) if name == "load" else packed
            return self._all([member.ask.remote(number, name, given) for member in self._actors])

    def sent(self) -> tuple[int, int]:
        """Return parcels and bytes that workers sent each other so far."""
        with faults():
            counts = self._all([member.sent.remote() for member in self._actors])
        return sum(batches for batches, _ in counts), sum(size for _, size in counts)

    def shutdown(self) -> None:
        """End all workers, those that do not listen any more too."""
        for host in self._hosts:
            if host.machine == machine():
                with suppress(OSError):
                    if b"ray::Shard" in Path(f"/proc/{host.process}/cmdline").read_bytes():
                        os.kill(host.process, signal.SIGKILL)
        with suppress(RayError, ConnectionError):
            for member in self._actors:
                ray.kill(member)
            if self._group:
                remove_placement_group(self._group)

    def check_heartbeats(self) -> list[Heartbeat]:
        """Return a sign of life of every worker; `Fault` when one has none."""
        refs = [member.heartbeat.remote() for member in self._actors]
        _, silent = ray.wait(refs, num_returns=len(refs), timeout=SILENCE_S)
        if silent:
            raise Fault(f"worker {refs.index(silent[0])} gave no sign of life for {SILENCE_S:.0f} s")
        heartbeats: list[Heartbeat] = ray.get(refs)
        return heartbeats

    def _all(self, refs: list[Any]) -> list[Any]:
        """Return the answers of all workers in order; the first that fails ends the waiting."""
        waiting = list(refs)
        answers: dict[Any, Any] = {}
        quiet_since, used = time.monotonic(), -1.0
        while waiting:
            ready, waiting = ray.wait(waiting, num_returns=1, timeout=HEARTBEAT_S)
            answers |= {ref: ray.get(ref) for ref in ready}
            if not ready:
                heartbeats = self.check_heartbeats()
                self._waiting(heartbeats)
                if (now := sum(heartbeat.cpu_s for heartbeat in heartbeats)) > used:
                    quiet_since, used = time.monotonic(), now
                if time.monotonic() - quiet_since > SILENCE_S:
                    raise Fault(f"no worker did anything for {SILENCE_S:.0f} s")
        return [answers[ref] for ref in refs]


def capacity(device: str, threads: int) -> int:
    """Return how many workers the nodes that are there have room for, were they empty."""
    with faults():
        nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    return sum(
        min(int(node.get("CPU", 0) // threads), int(node.get("GPU", 0)) if device == "cuda" else sys.maxsize)
        for node in nodes
    )
