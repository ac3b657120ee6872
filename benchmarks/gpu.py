"""What a GPU gives: steps of populations and of associative memories, against one core, in one run.

    python benchmarks/gpu.py                 # everything, within 8 minutes on one GPU
    python benchmarks/gpu.py --device cpu --agents 64 --copies 16 --seconds 1 --no-compile   # without a GPU

Populations: the game of `games_per_second.py`. On the GPU the step is the autograd kernel, plain and with
`engine.compile`; on one core it is the fused step. "bandwidth" is the share of the rate at which this device copies
memory that the plain step reaches if it moves as little as it can: weights read forward and backward, gradients
written and read, and weights and both moments of Adam read and written, `FLOATS_MOVED` floats for each parameter.

Memories: SEDAM with 100 MNIST digits, D = 784; µs for one step of one copy with the plain kernel on the device, and
with the plain and the packed kernel on one core.

A value is the median of steps. A row that the device has no memory for says so. What is begun after `--minutes` is left
out, and the last line says what.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import torch
from games_per_second import LoopedAgent, stacked

from hubbub.simulator.memory import Grid, MemoryNetworks, Recording
from hubbub.simulator.memory.models.sedam import Sedam
from hubbub.simulator.memory.patterns.images import mnist
from hubbub.simulator.randomness import RandomStreams

FLOATS_MOVED = 10
MOST_ON_ONE_CORE = 4096
"""Agents: more are not stepped on one core, which would take most of the time."""
NOISE, LOAD = 0.25, 100


def median_s(step: Callable[[], object], device: str, seconds: float) -> float:
    """Return the median duration of a step; the first two are not counted."""
    durations: list[float] = []
    start = time.perf_counter()
    while len(durations) < 5 or time.perf_counter() - start < seconds:
        begin = time.perf_counter()
        step()
        if device == "cuda":
            torch.cuda.synchronize()
        durations.append(time.perf_counter() - begin)
    return float(np.median(durations[2:]))


def copy_rate(device: str) -> float:
    """Return the bytes per second at which the device copies memory, reading and writing counted."""
    source = torch.zeros(2**26, device=device)
    target = torch.empty_like(source)
    return 2 * source.numel() * 4 / median_s(lambda: target.copy_(source), device, 0.5)


def timed(make: Callable[[], Callable[[], int]], device: str, seconds: float) -> tuple[float | None, float | None]:
    """Return games per second and seconds per step of a population; None where the device has no memory for it."""
    try:
        step = make()
        games = step()
        duration = median_s(step, device, seconds)
        return games / duration, duration
    except torch.OutOfMemoryError:
        torch.cuda.empty_cache()
        return None, None


def shown(value: float | None, form: str = ",.0f") -> str:
    """Return a cell of a table."""
    return "out of memory" if value is None else format(value, form)


def populations(chosen: argparse.Namespace, is_over: Callable[[], bool]) -> list[str]:
    """Print the table of populations; return the rows that were left out."""
    rate = copy_rate(chosen.device)
    moved = 4 * FLOATS_MOVED * sum(weights.numel() for weights in LoopedAgent().parameters())
    print(f"the device copies {rate / 1e9:,.0f} GB/s; a step moves at least {moved / 1024:,.0f} KiB for an agent")
    print("| agents | games/s | bandwidth | compiled games/s | one core games/s | × one core |")
    print("| ---: " * 6 + "|")
    left_out: list[str] = []
    core: float | None = None
    for n in chosen.agents:
        if is_over():
            left_out.append(f"{n:,} agents")
            continue
        plain, duration = timed(partial(stacked, n, chosen.device, "autograd"), chosen.device, chosen.seconds)
        compiled = None
        if not chosen.no_compile:
            changes = {"engine.compile": True}
            compiled, _ = timed(partial(stacked, n, chosen.device, "autograd", changes), chosen.device, chosen.seconds)
        if n <= MOST_ON_ONE_CORE or core is None:
            core, _ = timed(partial(stacked, n, "cpu"), "cpu", chosen.seconds)
        assert core is not None
        share = None if duration is None else moved * n / duration / rate
        best = max((value for value in (plain, compiled) if value is not None), default=None)
        cells = [
            f"{n:,}",
            shown(plain),
            shown(share, ".0%"),
            "not tried" if chosen.no_compile else shown(compiled),
            f"{core:,.0f}" + ("" if n <= MOST_ON_ONE_CORE else " (as above)"),
            shown(None if best is None else best / core, ".1f"),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)
    return left_out


def memories(chosen: argparse.Namespace, is_over: Callable[[], bool]) -> list[str]:
    """Print the table of memories; return the rows that were left out."""
    patterns = mnist(generator=np.random.default_rng(0))[:LOAD]
    print("| copies | plain, device | plain, one core | packed, one core | × packed |")
    print("| ---: " * 5 + "|")
    left_out = []
    for copies in chosen.copies:
        if is_over():
            left_out.append(f"{copies:,} copies")
            continue
        arms = [
            step_us(patterns, copies, kernel, device, chosen.seconds)
            for kernel, device in (("plain", chosen.device), ("plain", "cpu"), ("packed", "cpu"))
        ]
        print(f"| {copies:,} | " + " | ".join(f"{us:.2f}" for us in arms) + f" | {arms[2] / arms[0]:.1f} |", flush=True)
    return left_out


def step_us(patterns: np.ndarray, copies: int, kernel: str, device: str, seconds: float) -> float:
    """Return the µs that one step of one copy takes."""
    made = MemoryNetworks(
        Sedam(),
        grid=Grid(noise=(NOISE,), load=(LOAD,), repetitions=copies),
        patterns=patterns,
        recording=Recording(burn_in_steps=2, avalanches=False, coincidences=False),
        rng=RandomStreams(0),
        kernel=kernel,
        device=torch.device(device),
    )
    steps = 20
    return 1e6 * median_s(lambda: made.step(steps), device, seconds) / steps / copies


def main() -> None:
    """Fill and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, nargs="+", default=[64, 512, 4096, 16_384, 65_536])
    parser.add_argument("--copies", type=int, nargs="+", default=[64, 1024, 16_384])
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--no-compile", action="store_true", help="without the column of engine.compile")
    parser.add_argument("--seconds", type=float, default=5.0, help="time for each value of a table")
    parser.add_argument("--minutes", type=float, default=8.0, help="no row is begun after 4/5 of this time")
    chosen = parser.parse_args()
    if chosen.device == "cuda" and not torch.cuda.is_available():
        parser.error("there is no CUDA device here; --device cpu tries the script without one")
    torch.set_num_threads(1)
    name = torch.cuda.get_device_name() if chosen.device == "cuda" else platform.machine()
    print(f"torch {torch.__version__}, {name}")
    start = time.perf_counter()

    def is_over() -> bool:
        return time.perf_counter() - start > 0.8 * 60 * chosen.minutes

    left_out = memories(chosen, is_over) + populations(chosen, is_over)
    print(f"left out for want of time: {', '.join(left_out)}" if left_out else "nothing was left out")


if __name__ == "__main__":
    main()
