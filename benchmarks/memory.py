"""Steps of associative memories against a batched numpy step, in one run.

    python benchmarks/memory.py [--copies 64] [--steps 20000]

The exponential memory (SEDAM) stores MNIST digits, D = 784, and is stepped with several probabilities p of a flip:
below the noise at which a pattern is lost, near it, and far above. The numpy step is two matrix products, a
softmax, and a uniform number for each spin, in float64 and in float32. Times are µs of processor time for a step of one
copy; × is numpy over packed. "contested" is the share of steps in which no pattern outweighs the others, so that the
fields must be summed in full; "with events" adds the search for avalanches and coincidences. One thread.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numba import njit

from hubbub.simulator.memory import Grid, MemoryNetworks, Recording
from hubbub.simulator.memory.kernels.random_words import draw_flips, empty_words, spin_mask
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.models.hopfield import Hopfield
from hubbub.simulator.memory.models.polynomial import Polynomial
from hubbub.simulator.memory.models.sedam import Sedam
from hubbub.simulator.memory.models.threshold_neurons import ThresholdNeurons
from hubbub.simulator.memory.patterns.images import mnist
from hubbub.simulator.memory.random_words import chance_bits
from hubbub.simulator.memory.record import Record
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.generators.barabasi_albert import barabasi_albert
from hubbub.simulator.topology.generators.erdos_renyi import erdos_renyi

WARM_UP_STEPS = 200


def seconds(work: Callable[[], object], *, times: int = 3) -> float:
    """Return the shortest duration of `work`."""
    durations = []
    for _ in range(times):
        start = time.process_time()
        work()
        durations.append(time.process_time() - start)
    return min(durations)


def networks(
    model: Model,
    *,
    noise: float,
    copies: int,
    load: int,
    patterns: np.ndarray | None,
    kernel: str = "fastest",
    warm_up: int = WARM_UP_STEPS,
) -> MemoryNetworks:
    """Return copies after their burn-in."""
    made = MemoryNetworks(
        model,
        grid=Grid(noise=(noise,), load=(load,), repetitions=copies),
        patterns=patterns,
        recording=Recording(burn_in_steps=warm_up),
        rng=RandomStreams(0),
        kernel=kernel,
    )
    made.step(2 * warm_up)
    return made


def step_s(made: MemoryNetworks, steps: int) -> float:
    """Return the seconds of a step of one copy, without the search for events."""
    state = made.model.initial(made.copies.start)
    record = Record.empty(len(made.copies), steps, nearest=False)
    made.model.advance(made.kernel, state, made=0, record=record)
    return seconds(lambda: made.model.advance(made.kernel, state, made=0, record=record)) / steps / len(made.copies)


def numpy_step_s(patterns: np.ndarray, noise: float, copies: int, steps: int, kind: type) -> float:
    """Return the seconds of a step of one copy in a batch, as usually written in numpy."""
    generator, stored = np.random.default_rng(0), patterns.astype(kind)
    pull = kind(np.tanh(1))

    def run() -> None:
        spins = np.tile(stored[0], (copies, 1))
        for _ in range(steps):
            products = spins @ stored.T
            weights = np.exp(np.maximum(products - products.max(axis=1, keepdims=True), -60))
            weights /= weights.sum(axis=1, keepdims=True)
            new = np.sign(weights @ stored - pull * spins)
            spins = np.where(generator.random(spins.shape, dtype=kind) < noise, -new, new)

    return seconds(run) / steps / copies


def contested(made: MemoryNetworks, moments: int) -> float:
    """Return the share of states in which the other patterns weigh e^−2 of the nearest or more."""
    shares = []
    for _ in range(moments):
        made.step(5)
        state = made.state().tensors["spins"]
        for _, products in made.model.overlaps(state):
            behind = products.max(dim=1, keepdim=True).values - products
            shares.append(float(((-behind).exp().sum(dim=1) - 1 >= np.exp(-2)).double().mean()))
    return float(np.mean(shares))


@njit
def only_noise(steps: int, chance: np.uint64, mask: np.ndarray) -> None:
    """Draw the flips of `steps` steps."""
    words, flips = empty_words(mask), np.zeros_like(mask)
    for step in range(steps):
        draw_flips(np.uint64(1), step, chance, mask, words, flips)


def noise_s(noise: float, n_spins: int, steps: int) -> float:
    """Return the seconds that the flips of one step take."""
    mask, chance = spin_mask(n_spins), chance_bits(np.array([noise]))[0]
    only_noise(1, chance, mask)
    return seconds(lambda: only_noise(steps, chance, mask)) / steps


def exponential(copies: int, steps: int) -> None:
    """Fill and print the table of the exponential memory."""
    digits = mnist(generator=np.random.default_rng(0))
    print(f"SEDAM, MNIST, D = {digits.shape[1]}, {copies} copies")
    print("| K | p | numpy | float32 | packed | × | × float32 | noise | its share | contested | with events |")
    print("| ---: " * 11 + "|")
    for load in (10, 100, 1000):
        patterns = digits[:load]
        for noise in (0.1, 0.25, 0.3, 0.4):
            few = max(20, 2000 // load)
            double, single = (numpy_step_s(patterns, noise, copies, few, kind) for kind in (np.float64, np.float32))
            made = networks(Sedam(), noise=noise, copies=copies, load=load, patterns=patterns)
            packed, drawing = step_s(made, steps // 20), noise_s(noise, digits.shape[1], steps)
            noted = seconds(lambda made=made: made.step(steps // 20)) / (steps // 20) / copies
            print(
                f"| {load} | {noise} | {1e6 * double:.1f} | {1e6 * single:.1f} | {1e6 * packed:.3f} "
                f"| {double / packed:.0f} | {single / packed:.0f} | {1e6 * drawing:.3f} | {drawing / packed:.0%} "
                f"| {contested(made, 20):.1%} | {1e6 * noted:.3f} |",
                flush=True,
            )


def loops(steps: int) -> None:
    """Fill and print the table of compiled loops beside the plain code."""
    generator = np.random.default_rng(0)
    stored = mnist(generator=generator)[:20]
    sparse = erdos_renyi(784, links=3920, generator=generator)
    models: dict[str, Callable[[], Model]] = {
        "sedam": Sedam,
        "sedam, asynchronous": lambda: Sedam("asynchronous"),
        "polynomial of order 3": Polynomial,
        "hopfield": Hopfield,
        "hopfield on a graph of mean degree 10": lambda: Hopfield(topology=sparse),
        "hopfield on that graph, asynchronous": lambda: Hopfield(update="asynchronous", topology=sparse),
    }
    print("Compiled loops, D = 784, K = 20, 8 copies, p = 0.1")
    print("| memory | loop | plain | × |")
    print("| --- | ---: | ---: | ---: |")
    for name, model in models.items():
        times = []
        for kernel, n_steps in (("loop", steps // 200), ("plain", 1 if "asynchronous" in name else 10)):
            made = networks(model(), noise=0.1, copies=8, load=20, patterns=stored, kernel=kernel, warm_up=2)
            times.append(step_s(made, n_steps))
        print(f"| {name} | {1e6 * times[0]:.1f} | {1e6 * times[1]:.0f} | {times[1] / times[0]:.0f} |", flush=True)


def neurons(copies: int, steps: int) -> None:
    """Fill and print the table of neurons on graphs."""
    generator = np.random.default_rng(0)
    graphs: dict[str, Topology] = {
        "Erdős–Rényi": erdos_renyi(1000, links=5000, generator=generator),
        "Barabási–Albert": barabasi_albert(1000, links_per_agent=5, generator=generator),
    }
    print("Threshold neurons, N = 1000, mean degree 10, threshold 2")
    print("| graph | probability | active share | million updates/s |")
    print("| --- | ---: | ---: | ---: |")
    for name, graph in graphs.items():
        for noise in (1e-3, 1e-2, 1e-1):
            model = ThresholdNeurons(topology=graph)
            made = networks(model, noise=noise, copies=copies, load=1, patterns=None)
            duration = seconds(lambda made=made: made.step(steps // 20)) / (steps // 20) / copies
            on = np.mean([row["value"] for row in made.observe(closely=False).metrics if row["name"] == "activity"])
            print(
                f"| {name} | {noise} | {on / graph.n_agents:.2f} | {1e-6 * graph.n_agents / duration:.0f} |", flush=True
            )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=64)
    parser.add_argument("--steps", type=int, default=20_000)
    chosen = parser.parse_args()
    exponential(chosen.copies, chosen.steps)
    loops(chosen.steps)
    neurons(chosen.copies, chosen.steps)


if __name__ == "__main__":
    main()
