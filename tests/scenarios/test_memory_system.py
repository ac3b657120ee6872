"""Memories through the command line: a graph is used or refused, never ignored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import hubbub as public
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory import Grid, MemoryNetworks, Recording
from hubbub.simulator.memory.models.sedam import Sedam
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology

SMALL = [
    "memory.kind=sedam",
    "patterns={kind: random, n_spins: 16}",
    "copies={noise: [0.1], load: [2]}",
    "dynamics.steps=4",
    "engine={record_every: 2, checkpoint_every: 4}",
    "recording={series_every: 1, burn_in_steps: 2}",
]
RING = "topology={kind: ring, n_agents: 16}"


@pytest.mark.parametrize("kind", ["sedam", "polynomial", "modern-hopfield"])
def test_a_memory_that_has_no_use_for_a_graph_refuses_it(hubbub: Callable, tmp_path: Path, kind: str) -> None:
    code, out, err = hubbub("run", "sedam", *SMALL, f"memory={{kind: {kind}}}", RING, "--out", tmp_path / "run")
    assert (code, out) == (2, "")
    assert f"topology: expected no graph with the memory '{kind}'" in err
    assert "'hopfield' or 'threshold-neurons'" in err
    assert not (tmp_path / "run").exists()


def test_the_same_holds_in_python(tmp_path: Path) -> None:
    settings = {"patterns": {"kind": "random", "n_spins": 16}, "copies": {"noise": [0.1], "load": [2]}}
    with pytest.raises(ConfigurationError, match="expected no graph with the memory 'sedam'"):
        public.run("sedam", settings, topology=nx.cycle_graph(16), out=tmp_path / "run")
    ring = Topology.from_networkx(nx.cycle_graph(16))
    with pytest.raises(ConfigurationError, match="expected no graph with the memory 'Sedam'"):
        MemoryNetworks(
            Sedam(),
            grid=Grid(noise=(0.1,), load=(1,)),
            patterns=np.ones((1, 16), dtype=np.int8),
            recording=Recording(),
            rng=RandomStreams(0),
            topology=ring,
        )


def test_silenced_neurons_without_a_graph_are_refused(hubbub: Callable, tmp_path: Path) -> None:
    code, _, err = hubbub("run", "sedam", *SMALL, "silenced.share=0.5", "--out", tmp_path / "run")
    assert (code, err.strip()) == (2, "hubbub: silenced.share: expected 0 without a topology, got 0.5")


def test_a_memory_on_a_graph_uses_it(hubbub: Callable, tmp_path: Path) -> None:
    code, _, err = hubbub("run", "sedam", *SMALL, "memory={kind: hopfield}", RING, "--out", tmp_path / "run")
    assert code == 0, err
    assert len(public.open_run(tmp_path / "run").edges()) == 32
