"""The report of a run of many agents: processor time and memory of every size in a process of its own.

    python benchmarks/report.py [--agents 500 2000 10000] [--lexicons 3] [--graph ring]

The runs are made here: agents that copy messages of their neighbours on a ring with two links a side, or on a small
world; 51 referents in training and 13 held out, messages 16^4, success as it would follow from equal messages.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow as pa

from hubbub.analysis.report import write_report
from hubbub.simulator.store import Lexicon, LexiconSplit, RunWriter
from hubbub.simulator.topology import topology

REFERENTS, HELD_OUT, LENGTH, SYMBOLS = 64, 13, 4, 16


def make_run(path: Path, n_agents: int, n_lexicons: int, graph: str) -> None:
    """Write a run in which the messages of neighbours become alike."""
    rng = np.random.default_rng(0)
    if graph == "ring":
        links = topology["ring"](n_agents, neighbours=2)
    else:
        links = topology["watts-strogatz"](n_agents, neighbours=2, rewiring_probability=0.1, generator=rng)
    objects = np.array([[r // 16, r // 4 % 4, r % 4] for r in range(REFERENTS)])
    split = np.array(["train"] * (REFERENTS - HELD_OUT) + ["held_out"] * HELD_OUT, dtype=object)
    messages = rng.integers(1, SYMBOLS, (n_agents, REFERENTS, LENGTH + 1))
    messages[:, :, -1] = 0
    configuration = {
        "topology": {"kind": graph},
        "referents": {"kind": "symbolic", "attributes": 3, "values": 4},
        "game": {"kind": "reconstruction"},
    }
    with RunWriter.create(path, name="benchmark", seed=0, configuration=configuration, versions={}) as writer:
        columns = {f"attribute_{i}": objects[:, i] for i in range(3)}
        writer.write_table("referents.parquet", pa.table({"referent": np.arange(REFERENTS), "split": split, **columns}))
        names = [str(agent) for agent in range(n_agents)]
        writer.write_table("agents.parquet", pa.table({"agent": np.arange(n_agents), "name": names}))
        weights = pa.array([None] * links.n_edges, pa.float64())
        edges = pa.table({"source": links.sources, "target": links.targets, "weight": weights})
        writer.write_table("topology/edges.parquet", edges)
        for record in range(n_lexicons):
            for _ in range(8):
                heard = links.sources[links.first_edges[:-1] + rng.integers(2, size=n_agents)]
                copied = rng.random((n_agents, REFERENTS)) < 0.3
                messages = np.where(copied[..., None], messages[(heard + 1) % n_agents], messages)
            splits = {
                name: lexicon_split(messages, np.flatnonzero(split == name), rng) for name in ("train", "held_out")
            }
            writer.write_snapshot(Lexicon(100 * record, splits))
            value = float(splits["train"].success.mean())
            writer.append_rows("metrics", 100 * record, [{"name": "success_all_pairs", "value": value}])
        writer.set_status("finished", step=100 * (n_lexicons - 1))


def lexicon_split(messages: np.ndarray, referents: np.ndarray, rng: np.random.Generator) -> LexiconSplit:
    """Return the language for some referents; the success of a pair is the share of these with equal messages."""
    chosen = messages[:, referents]
    n_agents = len(chosen)
    codes = chosen @ (SYMBOLS ** np.arange(LENGTH + 1))
    equal = np.zeros((n_agents, n_agents))
    for column in codes.T:
        equal += column[:, None] == column
    equal += rng.random(equal.shape) < 0.5  # one more referent, understood by chance
    lengths = np.full(chosen.shape[:2], LENGTH + 1)
    return LexiconSplit(referents, chosen, lengths, equal / (len(referents) + 1))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, nargs="+", default=[500, 2000, 10_000])
    parser.add_argument("--lexicons", type=int, default=3)
    parser.add_argument("--graph", choices=["ring", "small-world"], default="ring")
    parser.add_argument("--run", type=Path, help="write the report of this run only")
    chosen = parser.parse_args()
    if chosen.run:
        start = time.process_time()
        write_report(chosen.run)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"{time.process_time() - start:.1f} s | {memory:.2f} GiB |")
        return
    print(
        f"| agents | report of {chosen.lexicons} lexicons on a {chosen.graph} | peak memory |\n| ---: | ---: | ---: |"
    )
    for n_agents in chosen.agents:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run"
            make_run(path, n_agents, chosen.lexicons, chosen.graph)
            made = subprocess.run([sys.executable, __file__, "--run", str(path)], capture_output=True, text=True)
        print(f"| {n_agents:,} | {made.stdout.strip() or made.stderr}", flush=True)


if __name__ == "__main__":
    main()
