"""Compile every kernel by using it once, so that the first runs and reports after an installation begin at once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from hubbub.analysis.hubs import hub_table
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE
from hubbub.analysis.temporal import dfa
from hubbub.scenarios.running import run

MEMORIES = [
    ("sedam", "packed"),
    ("sedam", "loop"),
    ("hopfield", "loop"),
    ("polynomial", "loop"),
    ("threshold-neurons", "loop"),
]
SMALL_MEMORY = {
    "patterns.n_spins": 8,
    "copies.noise": [0.1],
    "copies.load": [2],
    "copies.repetitions": 1,
    "dynamics.steps": 20,
    "recording.avalanches": True,
}


def compile_kernels(notify: Callable[[str], None] = lambda _: None) -> None:
    """Run one step of everything that is compiled, in a temporary folder.

    What is compiled is kept in the user's cache folder until the code of its kernel changes. `notify` is called with
    the name of each part before it begins.
    """
    with tempfile.TemporaryDirectory() as folder:
        notify("agents")
        small = {"topology.n_agents": 3, "training.steps": 1, "engine.checkpoint_every": 1}
        run("group-size", small, out=Path(folder, "agents"))
        for memory, kernel in MEMORIES:
            notify(memory)
            graph = {"topology": {"kind": "ring", "n_agents": 8}} if memory == "threshold-neurons" else {}
            settings = {"memory.kind": memory, "dynamics.kernel": kernel, **SMALL_MEMORY, **graph}
            run("memory-retrieval", settings, out=Path(folder, memory, kernel))
    notify("measures")
    generator = np.random.default_rng(0)
    n_agents = 2 * COMPILED_ABOVE
    ring = np.array([[agent, (agent + step) % n_agents] for agent in range(n_agents) for step in (1, 2)])
    hub_table(np.vstack([ring, ring[:, ::-1]]), n_agents, samples=2, generator=generator)
    dfa(generator.normal(size=400))
