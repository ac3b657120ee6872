"""Power-law fits with a cut-off scan against the `powerlaw` package, and the bootstrap, in one run.

    python benchmarks/tails.py [--points 10000] [--samples 1000]

Both scan every distinct value as a cut-off. The sample is a Pareto or zeta tail of exponent 2.5 above 5 with a sixth of
the values below it. The fit is timed as the best of five, the package once. One thread.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import powerlaw

from hubbub.analysis.tails import compare, fit_power_law, goodness_of_fit
from hubbub.analysis.tails.families import CONTINUOUS, DISCRETE


def sample(n: int, *, discrete: bool) -> np.ndarray:
    """Return `n` values: five sixths a power law from 5 up, the rest spread evenly below."""
    generator = np.random.default_rng(0)
    body = n // 6
    low = generator.integers(1, 5, body).astype(float) if discrete else generator.uniform(1, 5, body)
    return np.append(low, (DISCRETE if discrete else CONTINUOUS).draw(2.5, 5.0, n - body, generator))


def seconds(work: Callable[[], object], *, times: int) -> float:
    """Return the shortest duration of `work`."""
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return min(durations)


def main() -> None:
    """Fill and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=1000)
    chosen = parser.parse_args()
    n, samples = chosen.points, chosen.samples
    print(f"n = {n:,}, powerlaw {powerlaw.__version__}, one thread")
    print(
        f"| values | fit, ms | powerlaw, ms | × | α (powerlaw) | cut-off (powerlaw) | {samples} refits, s | ratios, s |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for discrete in (False, True):
        values = sample(n, discrete=discrete)
        fit = fit_power_law(values, discrete=discrete)
        ours = seconds(lambda values=values, discrete=discrete: fit_power_law(values, discrete=discrete), times=5)
        start = time.perf_counter()
        theirs = powerlaw.Fit(values, discrete=discrete, verbose=0)
        alpha, cutoff = theirs.power_law.alpha, theirs.xmin
        peer = time.perf_counter() - start
        bootstrap = seconds(
            lambda values=values, fit=fit: goodness_of_fit(
                values, fit, generator=np.random.default_rng(1), samples=samples
            ),
            times=1,
        )
        ratios = seconds(lambda values=values, fit=fit: compare(values, fit), times=2)
        print(
            f"| {'discrete' if discrete else 'continuous'} | {1e3 * ours:.2f} | {1e3 * peer:,.0f} | {peer / ours:,.0f} "
            f"| {fit.value:.4f} ({alpha:.4f}) | {fit.cutoff:.4g} ({cutoff:.4g}) | {bootstrap:.2f} | {ratios:.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
