"""The whole phase diagram of an exponential memory: the cost of a slice, measured, and of the whole, extrapolated.

    python benchmarks/phase_diagram.py [--loads 10 100 1000] [--levels 6] [--steps 100000]

The diagram has 51 noise levels × 9 loads × 10 repetitions × 1e5 steps of MNIST digits (D = 784), with avalanches and
coincidences found while it runs, overlap and activity written for every step, and all series analysed: DFA and
diffusion entropy of the overlap, both exponents of the walk that coincidences drive, and power laws against
exponentials for the times between births and between coincidences. A slice is noise levels spread evenly over 0 … 0.5
at some of the loads, one repetition each. Times are of the processor, with one thread; what a process needs once
(imports, the digits, compiled loops) is done before and shown separately.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from hubbub.analysis.memories import copy_statistics
from hubbub.scenarios import run
from hubbub.simulator.store import Run

LOADS = (2, 5, 10, 20, 50, 100, 200, 500, 1000)
COPIES_PER_LOAD, STEPS = 51 * 10, 100_000


def simulated(folder: Path, load: int, levels: int, steps: int) -> tuple[Run, float]:
    """Return the run of one load, and the seconds that it took for each copy."""
    noise = [round(float(p), 3) for p in np.linspace(0, 0.5, levels)]
    start = time.process_time()
    made = run(
        "sedam", {"copies.noise": noise, "copies.load": [load], "dynamics.steps": steps}, out=folder / f"{load}-{steps}"
    )
    return made, (time.process_time() - start) / levels


def main() -> None:
    """Print seconds for a copy by load, and the minutes of the whole diagram."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--levels", type=int, default=6)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    costs = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start = time.process_time()
        copy_statistics(simulated(folder, 2, 2, 2000)[0])
        print(f"once for a process: {time.process_time() - start:.1f} s")
        for load in options.loads:
            made, simulation_s = simulated(folder, load, options.levels, options.steps)
            start = time.process_time()
            copy_statistics(made)
            analysis_s = (time.process_time() - start) / options.levels
            events = len(made.events()) / options.levels
            costs.append((load, simulation_s, analysis_s))
            print(
                f"K = {load:5d}: simulation with events and series {simulation_s:.3f} s a copy, analysis "
                f"{analysis_s:.3f} s, {events:,.0f} events"
            )
    loads, simulation, analysis = np.array(costs).T
    scale = STEPS / options.steps
    of_all = [np.interp(np.log(LOADS), np.log(loads), seconds) * scale for seconds in (simulation, analysis)]
    total_s = COPIES_PER_LOAD * float(np.sum(of_all))
    print(
        f"whole diagram, {COPIES_PER_LOAD * len(LOADS):,} copies of {STEPS:,} steps, loads between those measured by "
        f"their logarithm: {total_s / 60:.1f} core-minutes; {total_s / 120:.1f} min on 2 cores, on 1,000 "
        f"{total_s / 1000:.1f} s and what a process needs once (4 or 5 copies each)"
    )


if __name__ == "__main__":
    main()
