"""The cost of training small runs side by side, against one after the other, in one process on one core.

    python benchmarks/sweep.py [--runs 16] [--agents 4] [--steps 300] [--hidden 16 32 64]

Whole runs with their records, lexicons and checkpoints. Both ways alternate, three times; the table shows the least
processor time of each, and the ratio. A run has the same content either way, to the byte where the sizes of the agents
are multiples of the vector length of the processor.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.studies.making import RunJob, make


def works(folder: Path, n_runs: int, n_agents: int, hidden: int, steps: int) -> list[RunJob]:
    """Return runs with different seeds."""
    changes = {"topology.n_agents": n_agents, "agent.hidden": hidden, "training.steps": steps}
    scenarios = [load("group-size", {**changes, "seed": seed}) for seed in range(n_runs)]
    return [RunJob(one.model_dump(mode="json"), folder / str(one.seed)) for one in scenarios]


def processor_s(bundles: list[list[RunJob]]) -> float:
    """Return how long the processor works on the bundles, one after the other."""
    began = time.process_time()
    for bundle in bundles:
        problems = [ending.problem for ending in make(bundle) if ending.status != "finished"]
        assert not problems, problems
    return time.process_time() - began


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=16)
    parser.add_argument("--agents", type=int, default=4)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--hidden", type=int, nargs="+", default=[16, 32, 64])
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{given.runs} runs of {given.agents} agents, {given.steps} steps, bundles of at most 32 agents")
    print("hidden  one after the other (s)  side by side (s)  ratio")
    per_bundle = max(32 // given.agents, 1)
    for hidden in given.hidden:
        alone, beside = [], []
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder:
                todo = works(Path(folder) / "alone", given.runs, given.agents, hidden, given.steps)
                alone.append(processor_s([[work] for work in todo]))
                todo = works(Path(folder) / "beside", given.runs, given.agents, hidden, given.steps)
                beside.append(
                    processor_s([todo[start : start + per_bundle] for start in range(0, len(todo), per_bundle)])
                )
        print(f"{hidden:>6}  {min(alone):>23.1f}  {min(beside):>16.1f}  {min(alone) / min(beside):>5.2f}", flush=True)


if __name__ == "__main__":
    main()
