"""A kind of system in a user's own module runs, stops, resumes, is loaded, swept and shared out as ours are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import hubbub
from hubbub.scenarios.systems import system
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.store import load_checkpoint

EXAMPLES = Path(__file__).parents[2] / "examples"
VOTERS = EXAMPLES / "own_system.yaml"
SHORT = {"dynamics.steps": 12, "engine.record_every": 4, "engine.checkpoint_every": 5}

COUNTER = """
from typing import ClassVar, Literal
import torch
import hubbub
from hubbub.scenarios.scenario import Scenario
from hubbub.simulator.configuration import Section
from hubbub.simulator.engine import Observation, State


class Training(Section):
    steps: int = 10


class CounterScenario(Scenario):
    length_field: ClassVar[str] = "training.steps"
    system: Literal["counter"] = "counter"
    training: Training = Training()


class Counter:
    stride, now = 1, 0

    @property
    def work(self):
        return "counts", self.now

    def step(self, n):
        self.now += n
        return {}

    def observe(self, *, closely):
        return Observation(self.now, [{"name": "count", "value": float(self.now)}])

    def state(self):
        return State({"x": torch.tensor([self.now])}, {"step": self.now})

    def load(self, state):
        self.now = int(state.values["step"])


@hubbub.system("counter")
class CounterKind:
    headline: ClassVar[tuple[str, ...]] = ("count",)

    def model(self):
        return CounterScenario

    def assemble(self, scenario, topology, team):
        return Counter()

    def describe(self, built):
        return {}

    def measure(self, built):
        return lambda observation: []
"""


@pytest.fixture
def forget(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A function that makes this process forget the kinds of systems of users, as a new process has never seen them."""
    assert "population" in system
    ours = dict(system._entries)

    def forgotten() -> None:
        monkeypatch.setattr(system, "_entries", dict(ours))
        for name in [name for name in sys.modules if name.startswith("hubbub_user_")]:
            del sys.modules[name]

    forgotten()
    yield forgotten
    forgotten()


@pytest.fixture
def counter(tmp_path: Path) -> dict[str, Any]:
    """A scenario of a kind of system without options, graph and blocks."""
    (tmp_path / "counter.py").write_text(COUNTER)
    return {"name": "counting", "system": "counter", "modules": [str(tmp_path / "counter.py")]}


def assert_same(one: Path, other: Path) -> None:
    """Compare the metrics and the last checkpoints of two runs, bit for bit."""
    assert hubbub.open_run(one).metric_rows().equals(hubbub.open_run(other).metric_rows())
    left, right = load_checkpoint(one), load_checkpoint(other)
    assert (left.step, left.state) == (right.step, right.state)
    assert all(np.array_equal(left.tensors[name], right.tensors[name]) for name in left.tensors | right.tensors)


@pytest.mark.parametrize("kind", ["voters", "counter"])
def test_a_run_in_two_parts_is_a_run_in_one(kind: str, counter: Any, forget: Any, tmp_path: Path) -> None:
    scenario, length = (VOTERS, "dynamics.steps") if kind == "voters" else (counter, "training.steps")
    overrides = {length: 12, "engine.record_every": 4, "engine.checkpoint_every": 5}
    hubbub.run(scenario, overrides, out=tmp_path / "whole")
    hubbub.run(scenario, {**overrides, length: 6}, out=tmp_path / "parts")
    forget()
    with pytest.raises(ConfigurationError, match=r"^modules: .* names user modules .*--allow-modules"):
        hubbub.resume(tmp_path / "parts", {length: 12})
    assert kind not in system
    hubbub.resume(tmp_path / "parts", {length: 12}, allow_modules=True)
    assert_same(tmp_path / "whole", tmp_path / "parts")


def test_its_system_is_loaded_and_steps(forget: Any, tmp_path: Path) -> None:
    hubbub.run(VOTERS, SHORT, out=tmp_path / "run")
    hubbub.run(VOTERS, {**SHORT, "dynamics.steps": 15}, out=tmp_path / "longer")
    forget()
    with pytest.raises(ConfigurationError, match="allow_modules=True"):
        hubbub.load_system(tmp_path / "run")
    voters = hubbub.load_system(tmp_path / "run", allow_modules=True)
    voters.step(3)
    assert np.array_equal(voters.opinions, load_checkpoint(tmp_path / "longer").tensors["opinions"])


def test_its_options_are_checked_and_given_on_the_command_line(forget: Any, tmp_path: Path, hubbub: Any) -> None:
    code, _, said = hubbub("run", VOTERS, "dynamics.noise=2", "--out", tmp_path / "run")
    assert (code, "dynamics.noise: expected less than or equal to 1" in said) == (2, True)
    code, _, said = hubbub("run", VOTERS, "dynamics.nois=0.5", "--out", tmp_path / "run")
    assert (code, "did you mean 'noise'?" in said) == (2, True)
    words = [f"{name}={value}" for name, value in SHORT.items()]
    code, out, said = hubbub(
        "run", VOTERS, "dynamics.noise=0.5", "topology.n_agents=12", *words, "--out", tmp_path / "run"
    )
    assert code == 0, said
    assert "finished at step 12: share" in out
    forget()
    code, _, said = hubbub("resume", tmp_path / "run", "dynamics.steps=14")
    assert (code, "--allow-modules" in said) == (2, True)
    code, _, said = hubbub("resume", tmp_path / "run", "dynamics.steps=14", "--allow-modules")
    assert code == 0, said
    assert len(load_checkpoint(tmp_path / "run").tensors["opinions"]) == 12


def test_its_runs_are_swept_by_other_processes_and_a_stopped_sweep_goes_on(forget: Any, tmp_path: Path) -> None:
    fields = ["dynamics.noise=0,0.5", "seed=0..1", *(f"{name}={value}" for name, value in SHORT.items())]
    made = hubbub.sweep(VOTERS, fields, out=tmp_path, workers=1)
    assert made.problems == {}
    assert [(row["dynamics.noise"], row["seed"], row["status"]) for row in made.rows] == [
        (noise, seed, "finished") for noise in (0, 0.5) for seed in (0, 1)
    ]
    assert all(0 <= row["share"] <= 1 for row in made.rows)
    forget()
    again = hubbub.open_study(tmp_path)
    assert [row["share"] for row in again.rows] == [row["share"] for row in made.rows]
    assert hubbub.sweep(VOTERS, fields, out=tmp_path, workers=1).rows == made.rows


def test_a_graph_of_ones_own_is_kept_for_a_resume(forget: Any, tmp_path: Path) -> None:
    hubbub.run(VOTERS, {**SHORT, "dynamics.steps": 4}, topology=nx.cycle_graph(5), out=tmp_path / "run")
    forget()
    hubbub.resume(tmp_path / "run", {"dynamics.steps": 6}, allow_modules=True)
    assert len(load_checkpoint(tmp_path / "run").tensors["opinions"]) == 5


def test_workers_share_one_with_blocks_and_refuse_one_without(
    counter: Any, forget: Any, tmp_path: Path, forked: Any
) -> None:
    hubbub.run(VOTERS, SHORT, out=tmp_path / "alone")
    words = [f"{name}={value}" for name, value in SHORT.items()]
    program = forked("-m", "hubbub", "run", VOTERS, *words, "--workers", "2", "--out", tmp_path / "shared")
    _, complained = program.communicate()
    assert program.returncode == 0, complained
    assert_same(tmp_path / "alone", tmp_path / "shared")
    refused = r"^workers: expected 0 \(this process\) with system=counter, which is not cut into blocks.*got 2$"
    with pytest.raises(ConfigurationError, match=refused):
        hubbub.run(counter, workers=2, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", ["pruning-emergence", "bang-bang"])
def test_ours_without_blocks_are_refused_in_the_same_words(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^workers: expected 0 \(this process\) with system="):
        hubbub.run(name, workers=2, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_one_that_lacks_a_method_is_refused_with_its_name(counter: Any, forget: Any, tmp_path: Path) -> None:
    (tmp_path / "counter.py").write_text(COUNTER.replace("def describe", "def descrive"))
    lacks = (
        r"system 'counter': hubbub_user_counter\.CounterKind lacks describe; every system has what hubbub\.scenarios"
    )
    with pytest.raises(ConfigurationError, match=lacks):
        hubbub.run(counter, out=tmp_path / "run")
