"""Costs and gains of sharding a population: workers against one process, in one run.

    python benchmarks/cluster.py [--agents 512] [--seconds 15] [--only speed start placement scaling soak]

Speed: games per second in this process, with 1 and with 2 workers, one thread each, blocks of 32 agents, hidden 64, 32
games per exchange; they take turns and the best turn of each counts. Two workers that exchange nothing show the most
that the machine can do. Start: from the start of Python to the first step. Placement: links between workers, against
blocks assigned at random. Scaling: the same number of agents for each worker; a model of seconds per step from what was
measured, with the number of workers at which it predicts that message batches take as long as the rest of a step. Soak:
memory of driver, workers and object store over a long run.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch

FIRST_STEP = """
import sys, time
from hubbub.scenarios import run
from hubbub.simulator.engine import NoProgress
class First(NoProgress):
    def advanced(self, system, until):
        print(time.clock_gettime(time.CLOCK_BOOTTIME))
run("ring-dialects", {"training.steps": 1, "topology.n_agents": 16, "recording.referents": 8}, out=sys.argv[2],
    workers=int(sys.argv[1]), progress=First())
"""
GRAPHS: dict[str, dict[str, Any]] = {
    "ring": {"kind": "ring", "neighbours": 4},
    "watts-strogatz": {"kind": "watts-strogatz", "neighbours": 4, "rewiring_probability": 0.05},
    "barabasi-albert": {"kind": "barabasi-albert", "links_per_agent": 2},
    "complete": {"kind": "complete"},
}


def scenario(n_agents: int, topology: dict[str, Any] | None = None, *, hidden: int = 64) -> dict[str, Any]:
    """Return the configuration of a population without much to record."""
    return {
        "name": "benchmark",
        "topology": with_agents(topology or {"kind": "ring", "neighbours": 4}, n_agents),
        "referents": {"kind": "symbolic", "attributes": 3, "values": 4},
        "channel": {"vocabulary": 16, "max_length": 4},
        "agent": {"kind": "gru", "hidden": hidden, "embedding": 32},
        "training": {"games_per_step": 32},
        "recording": {"referents": 8},
        "engine": {"block_agents": 32},
    }


def with_agents(topology: dict[str, Any], n_agents: int) -> dict[str, Any]:
    """Return a topology of so many agents."""
    return topology if "sizes" in topology else {**topology, "n_agents": n_agents}


def member(data: dict[str, Any], team: Any) -> Any:
    """Return a member of a population; workers call it too."""
    from hubbub.scenarios.loading import parse
    from hubbub.scenarios.systems import assemble

    return assemble(parse(data), team=team)


def sharded(data: dict[str, Any], workers: int) -> Any:
    """Return a population sharded among workers of the connected Ray, or one in this process."""
    from hubbub.simulator.cluster import Driver
    from hubbub.simulator.engine import SingleProcess

    if not workers:
        return member(data, SingleProcess())
    from hubbub.simulator.cluster.sharded_system import ShardedSystem

    team = Driver(workers)
    made = ShardedSystem(
        member(data, team), team, partial(member, data), device="cpu", threads=1, restore=lambda: None, noticed=print
    )
    made.step(1)
    return made


def rate(system: Any, seconds: float) -> float:
    """Return the games per second of a system over at least `seconds`."""
    began, before = time.perf_counter(), system.work[1]
    while time.perf_counter() - began < seconds:
        system.step(2)
    return (system.work[1] - before) / (time.perf_counter() - began)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a table."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
    print()


def speed(n_agents: int, seconds: float) -> None:
    """Workers against one process, and against two workers that exchange nothing."""
    for size in (n_agents, 128):
        halves = {"kind": "stochastic-block", "sizes": [size // 2] * 2, "within": 8 / size, "between": 0.0}
        systems = {
            "this process": sharded(scenario(size), 0),
            "1 worker": sharded(scenario(size), 1),
            "2 workers": sharded(scenario(size), 2),
            "2 workers, nothing crosses": sharded(scenario(size, halves), 2),
        }
        turns: dict[str, list[float]] = {name: [] for name in systems}
        for _ in range(4):
            for name, system in systems.items():
                turns[name].append(rate(system, seconds / 4))
        best = {name: max(games) for name, games in turns.items()}
        for name in list(systems)[1:]:
            systems[name].close()
        table(
            (f"N = {size}", "games/s", "ms/step", "against this process", "against 1 worker"),
            [
                (
                    name,
                    f"{games:,.0f}",
                    f"{1000 * 32 * size / games:.1f}",
                    f"{games / best['this process']:.2f} x",
                    f"{games / best['1 worker']:.2f} x",
                )
                for name, games in best.items()
            ],
        )


def start() -> None:
    """Seconds from the start of Python to the first step."""
    import tempfile

    rows = []
    for workers in (0, 2):
        times = []
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder:
                began = time.clock_gettime(time.CLOCK_BOOTTIME)
                said = subprocess.run(
                    [sys.executable, "-c", FIRST_STEP, str(workers), f"{folder}/run"],
                    check=True,
                    capture_output=True,
                    text=True,
                )
                times.append(float(said.stdout.split()[0]) - began)
        rows.append(("local Ray, 2 workers" if workers else "this process", f"{min(times):.1f}", f"{max(times):.1f}"))
    table(("first step after", "s, best", "s, worst"), rows)


def placement(n_agents: int) -> None:
    """Share of links between workers, against blocks assigned at random."""
    from hubbub.scenarios.loading import load
    from hubbub.simulator.cluster import place
    from hubbub.simulator.population.population import traffic
    from hubbub.simulator.randomness import RandomStreams
    from hubbub.simulator.topology import build_topology

    rows = []
    for name, graph in GRAPHS.items():
        topology = build_topology(load(scenario(n_agents, graph)).topology, RandomStreams(0))
        between = traffic(topology, np.arange(n_agents) // 16)
        for workers in (2, 8):
            placed = place(between, workers)
            generator = np.random.default_rng(0)
            at_random = [
                crossing(between, generator.permutation(np.arange(len(between)) % workers)) for _ in range(100)
            ]
            rows.append((name, str(workers), f"{crossing(between, placed):.1%}", f"{np.mean(at_random):.1%}"))
    table((f"N = {n_agents}, blocks of 16", "workers", "links between workers", "at random"), rows)


def crossing(between: np.ndarray, ranks: np.ndarray) -> float:
    """Return the share of links whose ends are held by different workers."""
    return float(between[ranks[:, None] != ranks[None, :]].sum() / between.sum())


def scaling(per_worker: int, seconds: float) -> None:
    """The same number of agents for each worker: measured, and predicted from the measurements."""
    latency, bandwidth = batch_cost()
    print(f"a message batch between workers: {1000 * latency:.2f} ms and {bandwidth / 2**20:,.0f} MiB/s\n")
    cores = os.cpu_count() or 1
    for name in ("ring", "barabasi-albert"):
        rows, alone_s = [], 0.0
        for workers in (1, 2, 4, 8):
            system = sharded(scenario(per_worker * workers, GRAPHS[name]), workers)
            batches, size = system.sent()
            before = system.now
            games = rate(system, seconds / 2)
            step_s = 32 * per_worker * workers / games
            steps = system.now - before
            sent = np.subtract(system.sent(), (batches, size)) / steps / workers
            batches, size = sent.tolist()
            system.close()
            alone_s = alone_s or step_s
            expected = alone_s * max(workers / cores, 1) + batches * latency + size / bandwidth
            rows.append(
                (
                    str(workers),
                    f"{1000 * step_s:.0f}",
                    f"{1000 * expected:.0f}",
                    f"{batches:.1f}",
                    f"{size / 2**10:.0f}",
                )
            )
        bytes_crossing = size
        for workers in (64, 1000):
            sends = batches if name == "ring" else 2 * (workers - 1)
            costs = sends * latency + bytes_crossing / bandwidth
            rows.append((f"{workers} (model)", "", f"{1000 * (alone_s + costs):.0f}", f"{sends:.1f}", ""))
        breaks = "no number of workers" if name == "ring" else f"{alone_s / (2 * latency):,.0f} workers"
        table((f"{name}: workers", "ms/step", "model", "batches/step", "KiB/step"), rows)
        print(
            f"{name}: message batches take as long as the step itself at {breaks}, "
            f"a core each, {per_worker} agents each\n"
        )


def batch_cost() -> tuple[float, float]:
    """Return half the seconds of a small message batch there and back, and bytes per second of large ones."""
    import ray

    @ray.remote(num_cpus=0)
    class Echo:
        def take(self, batch: Any) -> int:
            return len(batch)

    echo = Echo.remote()
    small, large = np.zeros(1000, np.uint8), np.zeros(2**24, np.uint8)
    seconds = {}
    for name, batch, times in (("small", small, 200), ("large", large, 10)):
        ray.get(echo.take.remote(batch))
        began = time.perf_counter()
        for _ in range(times):
            ray.get(echo.take.remote(batch))
        seconds[name] = (time.perf_counter() - began) / times
    ray.kill(echo)
    return seconds["small"] / 2, large.nbytes / max(seconds["large"] - seconds["small"], 1e-9)


def soak(seconds: float) -> None:
    """Memory over a long run of small steps with much traffic."""
    system = sharded(scenario(64, GRAPHS["complete"], hidden=16), 2)
    rows = []
    for _ in range(6):
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            system.step(20)
        workers = max(heartbeat.memory for heartbeat in system.heartbeats())
        driver = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        store = shutil.disk_usage("/dev/shm").used
        rows.append(tuple(f"{value:,.0f}" for value in (system.now, driver / 2**20, workers / 2**20, store / 2**20)))
    system.close()
    table(("step", "driver, MiB", "largest worker, MiB", "object store, MiB"), rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=512)
    parser.add_argument("--seconds", type=float, default=15.0)
    parts: dict[str, Callable[[argparse.Namespace], None]] = {
        "start": lambda options: start(),
        "placement": lambda options: placement(options.agents),
        "speed": lambda options: speed(options.agents, options.seconds),
        "scaling": lambda options: scaling(64, options.seconds),
        "soak": lambda options: soak(options.seconds),
    }
    parser.add_argument("--only", nargs="+", choices=list(parts), default=list(parts))
    options = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}\n")
    from hubbub.simulator.cluster.connection import connected

    for name in ("start", "placement"):
        if name in options.only:
            parts[name](options)
    if remaining := [name for name in ("speed", "scaling", "soak") if name in options.only]:
        with connected(None, cores=8):
            for name in remaining:
                parts[name](options)


if __name__ == "__main__":
    main()
