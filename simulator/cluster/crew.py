"""The workers of a run, from the driver's side: asked together, watched, and replaced together."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError
from ray.util.placement_group import placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from simulator.cluster.faults import Fault, NoRoom
from simulator.cluster.parcel import pack
from simulator.cluster.shard import Pulse, Shard
from simulator.engine import System, Team

PULSE_S = 2.0
"""Seconds between two looks at workers that have not answered."""
HANGING_S = 60.0
"""So long a worker may give no sign of life, or all of them do nothing, before they count as lost."""
START_S = 300.0
"""So long workers may take to begin."""
ROOM_S = 60.0
"""So long the cluster may take to make room for the workers."""
BUSY = 0.01
"""With less than this share of a processor a worker does nothing."""


class Crew:
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
        waiting: Callable[[Sequence[Pulse]], None],
    ) -> None:
        self._waiting = waiting
        self._actors: list[Any] = []
        self._hosts: list[tuple[str, int]] = []
        self._n_calls = 0
        self._group: Any = placement_group(
            [{"CPU": threads} | ({"GPU": 1} if device == "cuda" else {})] * n, strategy="PACK"
        )
        try:
            if not self._group.wait(ROOM_S):
                raise NoRoom(f"no room for {n} workers of {threads} cores within {ROOM_S:.0f} s")
            actor = ray.remote(concurrency_groups={"post": 1})(Shard)  # type: ignore[call-overload]
            self._actors = [
                actor.options(
                    num_cpus=threads,
                    num_gpus=int(device == "cuda"),
                    max_restarts=0,
                    scheduling_strategy=PlacementGroupSchedulingStrategy(self._group, placement_group_bundle_index=me),
                ).remote(me, n, device=device, threads=threads)
                for me in range(n)
            ]
            hosts = [member.host.remote() for member in self._actors]
            if len(ray.wait(hosts, num_returns=n, timeout=START_S)[0]) < n:
                raise Fault(f"not all of {n} workers began within {START_S:.0f} s")
            self._hosts = self._all(hosts)
            self._all([member.build.remote(make, self._actors) for member in self._actors])
        except RayError as error:
            self.disband()
            raise Fault(_first_line(error)) from None
        except BaseException:
            self.disband()
            raise

    def ask(self, name: str, **keywords: Any) -> list[list[dict[int, Any]]]:
        """Let all workers go through a call; return what each reported in it."""
        number, packed = self._n_calls, pack(keywords)
        self._n_calls += 1
        given = ray.put(packed) if name == "load" else packed
        return self._all([member.ask.remote(number, name, given) for member in self._actors])

    def sent(self) -> tuple[int, int]:
        """Return parcels and bytes that workers sent each other so far."""
        counts = self._all([member.sent.remote() for member in self._actors])
        return sum(parcels for parcels, _ in counts), sum(size for _, size in counts)

    def disband(self) -> None:
        """End all workers, those that do not listen any more too."""
        here = ray.get_runtime_context().get_node_id()
        for node, process in self._hosts:
            if node == here:
                with suppress(OSError):
                    if b"ray::Shard" in Path(f"/proc/{process}/cmdline").read_bytes():
                        os.kill(process, signal.SIGKILL)
        for member in self._actors:
            with suppress(RayError):
                ray.kill(member)
        with suppress(RayError):
            remove_placement_group(self._group)

    def _all(self, refs: list[Any]) -> list[Any]:
        """Return the answers of all workers in order; the first that fails ends the waiting."""
        waiting = list(refs)
        answers: dict[Any, Any] = {}
        quiet_since, cpu_s = time.monotonic(), -1.0
        while waiting:
            try:
                ready, waiting = ray.wait(waiting, num_returns=1, timeout=PULSE_S)
                answers |= {ref: ray.get(ref) for ref in ready}
                if not ready:
                    pulses = self.feel_pulses()
                    self._waiting(pulses)
                    used = sum(pulse.cpu_s for pulse in pulses)
                    if used - cpu_s > BUSY * PULSE_S:
                        quiet_since, cpu_s = time.monotonic(), used
                    if time.monotonic() - quiet_since > HANGING_S:
                        raise Fault(f"no worker did anything for {HANGING_S:.0f} s")
            except RayTaskError as error:
                cause = error.cause
                if isinstance(cause, RayError):
                    raise Fault(_first_line(cause)) from None
                raise cause from None
            except RayError as error:
                raise Fault(_first_line(error)) from None
        return [answers[ref] for ref in refs]

    def feel_pulses(self) -> list[Pulse]:
        """Return a sign of life of every worker; `Fault` when one has none."""
        refs = [member.pulse.remote() for member in self._actors]
        _, silent = ray.wait(refs, num_returns=len(refs), timeout=HANGING_S)
        if silent:
            raise Fault(f"worker {refs.index(silent[0])} gave no sign of life for {HANGING_S:.0f} s")
        pulses: list[Pulse] = ray.get(refs)
        return pulses


def room(threads: int) -> int:
    """Return how many workers of so many cores the cluster has room for, were it empty."""
    return int(ray.cluster_resources().get("CPU", 0) // threads)


def _first_line(error: Exception) -> str:
    kind = "a worker was lost" if isinstance(error, RayActorError) else type(error).__name__
    return f"{kind}: {str(error).strip().splitlines()[0]}"
