"""Time of topographic similarity: hubbub, and EGG's own function where a checkout is given.

    python benchmarks/topographic_similarity.py [--egg PATH] [--messages 1000]

EGG needs the package `editdistance`. What follows the end symbol counts for both, so both give the same number.
"""

import argparse
import importlib
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np

from hubbub.analysis.language import topographic_similarity

ATTRIBUTES, VALUES, VOCABULARY, LENGTHS = 4, 6, 20, (4, 10)


def ours(messages: np.ndarray, referents: np.ndarray, permutations: int = 0) -> float:
    """Return hubbub's value."""
    return topographic_similarity(messages, referents, convention="egg", permutations=permutations).value


def egg(checkout: Path) -> Callable[[np.ndarray, np.ndarray], float]:
    """Return EGG's function; packages that it imports and does not use here are replaced where they are missing."""
    try:
        importlib.import_module("editdistance")
    except ImportError:
        sys.exit("EGG computes edit distances with the package editdistance, which is not installed: no comparison")
    sys.path.insert(0, str(checkout))
    for name in ("wandb", "submitit", "torchvision", "timm"):
        try:
            importlib.import_module(name)
        except ImportError:
            sys.modules[name] = mock.MagicMock()
    compute = importlib.import_module("egg.core.language_analysis").TopographicSimilarity.compute_topsim
    return lambda messages, referents: float(compute(referents, messages.tolist()))


def seconds(work: Callable[[], float], repeats: int) -> tuple[float, float]:
    """Return the shortest time of some repeats, and the value."""
    times, value = [], 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        value = work()
        times.append(time.perf_counter() - start)
    return min(times), value


def main() -> None:
    """Fill and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--egg", type=Path, help="a checkout of EGG")
    parser.add_argument("--messages", type=int, default=1000)
    chosen = parser.parse_args()
    theirs = egg(chosen.egg) if chosen.egg else None
    generator = np.random.default_rng(0)
    print(f"numpy {np.__version__}, {platform.machine()}, {chosen.messages:,} messages, best of several, one thread")
    print("| length | hubbub s | with a null of 100, s | EGG s | × EGG | difference of the values |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for length in LENGTHS:
        referents = generator.integers(0, VALUES, (chosen.messages, ATTRIBUTES))
        messages = generator.integers(0, VOCABULARY, (chosen.messages, length))
        messages[:, :ATTRIBUTES] = referents
        ours(messages[:10], referents[:10])  # loads rapidfuzz
        quick, value = seconds(lambda m=messages, r=referents: ours(m, r), 5)
        judged, _ = seconds(lambda m=messages, r=referents: ours(m, r, 100), 1)
        slow, other = seconds(lambda m=messages, r=referents: theirs(m, r), 2) if theirs else (np.nan, np.nan)
        print(
            f"| {length} | {quick:.3f} | {judged:.2f} | {slow:.2f} | {slow / quick:.0f} | {abs(value - other):.0e} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
