"""DFA against antropy, MFDFA, fathon and neurokit2, diffusion entropy and event detection, in one run.

    python benchmarks/temporal.py [--steps 100000 1000000]

The record is white noise. `dfa` is timed whole: fluctuations at 50 lags, segments and bootstrap errors; fathon, MFDFA
and neurokit2 get the same 50 lags and order, antropy has lags of its own (43 at 1e5 steps). Every time is the best of
as many rounds as fit into a second, three at least. One thread. Peers: pip install antropy MFDFA fathon neurokit2; rows
of those that are missing say so.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from hubbub.analysis.temporal import (
    avalanches,
    coincidences,
    dfa,
    diffusion_entropy,
    event_walk,
    rapid_transition_events,
    spectral_exponent,
)

LEAST_ROUNDS, LEAST_S = 3, 1.0


def antropy(record: np.ndarray, lags: np.ndarray) -> Callable[[], float]:
    """Return the work of antropy: the slope only."""
    function = import_module("antropy").detrended_fluctuation
    return lambda: float(function(record))


def mfdfa(record: np.ndarray, lags: np.ndarray) -> Callable[[], float]:
    """Return the work of MFDFA."""
    function = import_module("MFDFA").MFDFA
    return lambda: slope(lags, function(record, lag=lags, order=1, q=2)[1].ravel())


def fathon(record: np.ndarray, lags: np.ndarray) -> Callable[[], float]:
    """Return the work of fathon."""
    package, helpers = import_module("fathon"), import_module("fathon.fathonUtils")

    def work() -> float:
        found = package.DFA(helpers.toAggregated(record)).computeFlucVec(lags, polOrd=1)
        return slope(*found)

    return work


def neurokit2(record: np.ndarray, lags: np.ndarray) -> Callable[[], float]:
    """Return the work of neurokit2."""
    function = import_module("neurokit2").fractal_dfa
    return lambda: float(function(record, scale=lags, overlap=False, order=1)[0])


PEERS = {"antropy": antropy, "MFDFA": mfdfa, "fathon": fathon, "neurokit2": neurokit2}


def slope(lags: np.ndarray, fluctuations: np.ndarray) -> float:
    """Return the slope of the logarithms."""
    return float(np.polyfit(np.log(lags), np.log(fluctuations), 1)[0])


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the shortest duration of `work` and what it returned."""
    durations = []
    while len(durations) < LEAST_ROUNDS or sum(durations) < LEAST_S:
        start = time.perf_counter()
        result = work()
        durations.append(time.perf_counter() - start)
    return min(durations), result


def fluctuation_table(n: int) -> None:
    """Print the times of DFA on n steps."""
    record = np.random.default_rng(0).standard_normal(n)
    ours, found = timed(lambda: dfa(record, surrogates=0))
    print(f"\n| DFA, n = {n:,} | version | ms | × ours | H |\n| --- | --- | ---: | ---: | ---: |")
    print(f"| hubbub, {len(found.scales)} lags | | {1e3 * ours:.1f} | 1 | {found.value:.4f} ± {found.error:.4f} |")
    for name, peer in PEERS.items():
        try:
            work = peer(record, found.scales)
        except ImportError as error:
            print(f"| {name} | | skipped: {error} | | |")
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs, exponent = timed(work)
        print(f"| {name} | {version(name)} | {1e3 * theirs:,.1f} | {theirs / ours:,.1f} | {exponent:.4f} |", flush=True)


def statistics_table(n: int) -> None:
    """Print the times of the other statistics on n steps."""
    generator = np.random.default_rng(1)
    noise = generator.standard_normal(n)
    walk = event_walk(np.flatnonzero(generator.random(n) < 0.1), n)
    counts = generator.binomial(784, 0.3, n)
    rows: dict[str, Callable[[], object]] = {
        "diffusion entropy of an AJ walk, 50 lags": lambda: diffusion_entropy(walk, surrogates=0),
        "diffusion entropy of white noise, 50 lags": lambda: diffusion_entropy(noise, surrogates=0),
        "avalanches above the mean": lambda: avalanches(counts),
        "avalanches above the median": lambda: avalanches(counts, threshold="median"),
        "coincidences": lambda: coincidences(counts),
        "rapid transition events": lambda: rapid_transition_events(noise),
        "spectral exponent": lambda: spectral_exponent(noise, surrogates=0),
    }
    print(f"\n| n = {n:,} | ms | ns a step |\n| --- | ---: | ---: |")
    for name, work in rows.items():
        duration, _ = timed(work)
        print(f"| {name} | {1e3 * duration:,.1f} | {1e9 * duration / n:,.1f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, nargs="+", default=[100_000, 1_000_000])
    chosen = parser.parse_args()
    start = time.perf_counter()
    dfa(np.random.default_rng(0).standard_normal(1000), surrogates=0)
    print(f"one thread; first call of dfa in this process: {time.perf_counter() - start:.2f} s")
    for n in chosen.steps:
        fluctuation_table(n)
    statistics_table(max(chosen.steps))


if __name__ == "__main__":
    main()
