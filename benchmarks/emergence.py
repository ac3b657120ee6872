"""Path emergence of a stack of networks against a loop over them, and of a convolutional network, in one run.

    python benchmarks/emergence.py [--networks 1000] [--samples 1000] [--threads 1]

The networks of a stack are 32-32-32-10 with ReLU, on 64 samples, as they are or with half of their weights pruned; the
first row is given activations, the others networks and samples. The loop calls the same function for one network after
another (for 50 of them, and is multiplied up). The convolutional network takes images of 28 × 28: 16, 32 and 64
channels of 3 × 3, pooled by 2 twice, then a dense layer; all pairs of its layers, five thresholds. Every row of it is
a process of its own, so that its peak memory is (torch alone takes 0.3 GB).
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
import torch
from torch import nn

from hubbub.analysis.emergence import magnitude_pruned, path_emergence, path_emergence_stack

LOOPED = 50


def dense() -> nn.Sequential:
    """Return a network of three dense layers."""
    return nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 10))


def convolutional() -> nn.Sequential:
    """Return a network of three convolutions and a dense layer."""
    channels = (1, 16, 32, 64)
    layers: list[nn.Module] = []
    for before, after in pairwise(channels):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers[:-1], nn.Flatten(), nn.Linear(64 * 7 * 7, 10))


def seconds(work: Callable[[], object], *, times: int = 3) -> float:
    """Return the shortest duration of `work`."""
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return min(durations)


def images(activity: str, sparsity: float, n_samples: int, threads: int) -> tuple[float, float]:
    """Return the seconds that the convolutional network takes, and the most memory of this process in GB."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    network, samples = magnitude_pruned(convolutional(), sparsity), torch.randn(n_samples, 1, 28, 28)
    taken = seconds(lambda: path_emergence(network, samples, activity=activity), times=1)
    return taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    """Fill and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(0)
    samples = torch.randn(64, 32)

    print(f"torch {torch.__version__}, threads: {chosen.threads}")
    print(f"| {chosen.networks:,} networks | stack, s | loop, s | × |")
    print("| --- | ---: | ---: | ---: |")

    def row(name: str, stack: Callable[[], object], one: Callable[[int], object]) -> None:
        ours = seconds(stack)
        loop = seconds(lambda: [one(n) for n in range(LOOPED)]) * chosen.networks / LOOPED
        print(f"| {name} | {ours:.3f} | {loop:.2f} | {loop / ours:,.0f} |", flush=True)

    generator = np.random.default_rng(0)
    counts = [generator.standard_normal((chosen.networks, 1, size), dtype=np.float32) for size in (32, 32, 10)]
    row(
        "activations given, closed form",
        lambda: path_emergence_stack(counts),
        lambda n: path_emergence_stack([layer[n : n + 1] for layer in counts]),
    )
    for name, sparsity in (("dense", 0.0), ("half pruned", 0.5)):
        networks = [magnitude_pruned(dense(), sparsity) for _ in range(chosen.networks)]
        parameters, buffers = torch.func.stack_module_state(networks)
        states = {**parameters, **buffers}
        row(
            f"networks given, {name}",
            lambda networks=networks, states=states: path_emergence(networks[0], samples, states=states),
            lambda n, networks=networks: path_emergence(networks[n], samples),
        )

    print()
    print(f"| {chosen.samples:,} images | active | s | peak memory, GB |")
    print("| --- | --- | ---: | ---: |")
    for name, sparsity in (("whole", 0.0), ("half pruned", 0.5)):
        for activity in ("mean", "any", "sample"):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                taken, memory = pool.submit(images, activity, sparsity, chosen.samples, chosen.threads).result()
            print(f"| {name} | {activity} | {taken:.2f} | {memory:.2f} |", flush=True)


if __name__ == "__main__":
    main()
