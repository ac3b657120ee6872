"""Time and memory of the similarity matrix of a population.

    python benchmarks/similarity.py [--agents 1000] [--referents 256] [--length 10] [--vocabulary 20]

Two populations: every message at random, so that no two agents share one and each pair is compared (the worst
case), and forty dialects with a few changed symbols, as trained populations have.
"""

import argparse
import platform
import resource
import time

import numpy as np

from hubbub.analysis.dialects import similarity_matrix

DIALECTS, CHANGED = 40, 0.02


def random_messages(generator: np.random.Generator, shape: tuple[int, int, int], vocabulary: int) -> np.ndarray:
    """Return messages `[N, R, L]` that no two agents share."""
    return generator.integers(1, vocabulary, shape, dtype=np.int16)


def dialects(generator: np.random.Generator, shape: tuple[int, int, int], vocabulary: int) -> np.ndarray:
    """Return messages `[N, R, L]` of agents that use the messages of their dialect, with some symbols changed."""
    spoken = random_messages(generator, (DIALECTS, *shape[1:]), vocabulary)[generator.integers(0, DIALECTS, shape[0])]
    return np.where(generator.random(shape) < CHANGED, random_messages(generator, shape, vocabulary), spoken)


def main() -> None:
    """Fill and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("agents", 1000), ("referents", 256), ("length", 10), ("vocabulary", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    shape = (chosen.agents, chosen.referents, chosen.length)
    print(f"numpy {np.__version__}, {platform.machine()}, messages {list(shape)}, one thread")
    print("| messages | kind | seconds | peak memory of the process so far |")
    print("| --- | --- | ---: | ---: |")
    for make in (dialects, random_messages):
        messages = make(np.random.default_rng(0), shape, chosen.vocabulary)
        for kind in ("exact", "edit", "positional"):
            start = time.perf_counter()
            similarity_matrix(messages, kind=kind)
            took = time.perf_counter() - start
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            print(f"| {make.__name__.replace('_', ' ')} | {kind} | {took:.1f} | {peak:.2f} GiB |", flush=True)


if __name__ == "__main__":
    main()
