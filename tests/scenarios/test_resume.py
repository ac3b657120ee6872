"""A run in two parts, in two processes, leaves the bits of a run in one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import torch

from hubbub.scenarios import resume, run
from hubbub.scenarios.loading import assignment, load
from hubbub.scenarios.running import _scenario_of, take_over
from hubbub.scenarios.systems import assemble
from hubbub.simulator.engine import NoProgress
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.store import load_checkpoint, open_run
from hubbub.simulator.store.checkpoint import LoadedCheckpoint
from hubbub.simulator.topology import topology

REWIRING = "rewiring=[{every: 2, rule: {kind: prefer-understood, probability: 0.5}}]"
SMALL = (
    "topology.kind=ring",
    "topology.n_agents=10",
    "topology.neighbours=2",
    "agent.hidden=8",
    "agent.embedding=4",
    "training.games_per_step=4",
    "training.steps=12",
    "engine.record_every=4",
    "engine.checkpoint_every=5",
    "engine.block_agents=4",
    "recording.referents=8",
)
CASES = {
    "gumbel": ("channel.estimator=gumbel",),
    "reinforce": ("channel.estimator=reinforce", "channel.entropy_bonus=0.05", "training.pairing=edge"),
    "rewiring": (REWIRING, "training.pairing=matching", "channel.noise=0.1"),
}


CommandLine = Callable[..., Any]
"""The fixture `hubbub`: the command line in this process."""


def assert_same_run(one: Path, other: Path) -> None:
    """Compare all that a run leaves: rows, events, lexicons, and the state of the last checkpoint, bit for bit."""
    first, second = open_run(one), open_run(other)
    assert first.metric_rows().equals(second.metric_rows())
    assert first.events().equals(second.events())
    assert first.lexicon_steps() == second.lexicon_steps()
    for step in first.lexicon_steps():
        ours, theirs = first.lexicon(step).to_tables(), second.lexicon(step).to_tables()
        assert ours.keys() == theirs.keys() and all(ours[name].equals(theirs[name]) for name in ours)
    left, right = load_checkpoint(one), load_checkpoint(other)
    assert (left.step, left.state) == (right.step, right.state)
    assert left.tensors.keys() == right.tensors.keys()
    for name, tensor in left.tensors.items():
        assert torch.equal(tensor, right.tensors[name]), name


@pytest.mark.parametrize("case", CASES)
def test_two_parts_are_one_whole(tmp_path: Path, case: str, hubbub: CommandLine, forked: Any) -> None:
    for out, *more in ((tmp_path / "whole",), (tmp_path / "parts", "training.steps=6")):
        assert hubbub("run", "karate", *SMALL, *CASES[case], *more, "--out", out).code == 0
    half = load_checkpoint(tmp_path / "parts")
    process = forked("-m", "hubbub", "resume", tmp_path / "parts", "training.steps=12")
    _, complained = process.communicate()
    assert process.returncode == 0, complained
    assert "Traceback" not in complained
    assert_same_run(tmp_path / "whole", tmp_path / "parts")
    moved = (
        half.tensors["agents.weights.recurrent"]
        != load_checkpoint(tmp_path / "parts").tensors["agents.weights.recurrent"]
    )
    assert moved.any()
    if case == "rewiring":
        assert open_run(tmp_path / "parts").events().num_rows > 0


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run that ended; tests copy it before they touch it."""
    path = tmp_path_factory.mktemp("runs") / "small"
    overrides = dict(text.split("=", 1) for text in SMALL)
    run("karate", overrides, out=path)
    return path


@pytest.fixture
def a_run(finished: Path, tmp_path: Path) -> Path:
    shutil.copytree(finished, tmp_path / "run")
    return tmp_path / "run"


def test_a_damaged_checkpoint_is_passed_over(finished: Path, a_run: Path, hubbub: CommandLine) -> None:
    newest = sorted((a_run / "checkpoints").iterdir())[-1] / "tensors.safetensors"
    newest.write_bytes(newest.read_bytes()[:-100])
    said = hubbub("resume", a_run).err
    assert "checkpoint passed over, going on from step 10" in said
    assert "truncated" in said
    assert_same_run(finished, a_run)


def test_killed_at_any_moment_it_ends_with_the_same_bits(finished: Path, tmp_path: Path, forked: Any) -> None:
    path = tmp_path / "killed"
    process = forked("-m", "hubbub", "run", "karate", *SMALL, "--out", path)
    deadline = time.monotonic() + 60
    while not (path / "checkpoints" / "step-0000000005").exists():
        assert time.monotonic() < deadline
        assert process.returncode in (None, 0)
        time.sleep(0.001)
    process.kill()
    assert open_run(path).status == "running" or process.returncode == 0
    resume(path)
    assert_same_run(finished, path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_with_a_checkpoint_and_says_how_to_go_on(tmp_path: Path, number: int, forked: Any) -> None:
    path = tmp_path / "stopped"
    process = forked("-m", "hubbub", "run", "karate", *SMALL, "training.steps=100000", "--out", path)
    for line in process.stderr:
        if line.startswith("step 8 "):
            break
    os.kill(process.pid, number)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped at step" in said
    assert f"hubbub resume {path}" in said
    stopped = open_run(path)
    assert stopped.status == "stopped"
    assert load_checkpoint(path).step == stopped.step < 100000


def test_only_length_and_safety_may_be_raised(a_run: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"one of training\.steps.*got 'training\.learning_rate'"):
        resume(a_run, {"training.learning_rate": 0.1})
    with pytest.raises(ConfigurationError, match=r"training\.steps: expected at least 12.*got 3"):
        resume(a_run, {"training.steps": 3})
    resume(a_run, {"training.steps": 13, "engine.checkpoint_every": 13})
    assert open_run(a_run).step == 13
    assert open_run(a_run).configuration["training"]["steps"] == 13


def test_a_finished_run_stays_as_it_is(tmp_path: Path) -> None:
    """Also where its last record and its last lexicon were made off the schedule."""
    overrides = dict(text.split("=", 1) for text in SMALL) | {"training.steps": 7, "recording.lexicon_every": 8}
    run("karate", overrides, out=tmp_path / "run")
    shutil.copytree(tmp_path / "run", tmp_path / "again")
    resume(tmp_path / "again")
    assert open_run(tmp_path / "again").lexicon_steps() == [0, 7]
    assert_same_run(tmp_path / "run", tmp_path / "again")


def test_a_run_does_not_run_code_that_nobody_named(a_run: Path, tmp_path: Path) -> None:
    trap = tmp_path / "trap.py"
    trap.write_text("raise SystemExit('ran')\n")
    info = json.loads((a_run / "run.json").read_text())
    info["configuration"]["modules"] = [str(trap)]
    (a_run / "run.json").write_text(json.dumps(info))
    with pytest.raises(ConfigurationError, match="--allow-modules"):
        resume(a_run)


def test_a_run_in_use_is_left_alone(a_run: Path) -> None:
    from hubbub.simulator.store import RunWriter

    with RunWriter.reopen(a_run), pytest.raises(StoreError, match="in use"):
        resume(a_run)


def test_a_checkpoint_of_another_configuration_is_refused(a_run: Path) -> None:
    info = json.loads((a_run / "run.json").read_text())
    info["configuration"]["agent"]["hidden"] = 16
    info["configuration"]["training"]["steps"] = 20
    (a_run / "run.json").write_text(json.dumps(info))
    changed = r"after its checkpoint of step 12.*\n  configuration\.agent\.hidden: expected 8, got 16"
    with pytest.raises(StoreError, match=changed):
        resume(a_run)
    assert load_checkpoint(a_run).step == 12


def test_a_run_killed_before_its_first_checkpoint_can_be_started_again(finished: Path, tmp_path: Path) -> None:
    path = tmp_path / "early"
    overrides = dict(text.split("=", 1) for text in SMALL)
    run("karate", overrides, out=path)
    shutil.rmtree(path / "checkpoints")
    with pytest.raises(StoreError, match="no checkpoint was written yet; start the run again, in the same folder"):
        resume(path)
    shutil.rmtree(path / "metrics")
    shutil.rmtree(path / "lexicon")
    run("karate", overrides, out=path)
    assert_same_run(finished, path)


def test_a_run_keeps_a_graph_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given as a graph, or made by a function that is not registered when the run is taken up again."""
    overrides = dict(text.split("=", 1) for text in SMALL if not text.startswith("topology"))
    graph = nx.relabel_nodes(nx.cycle_graph(7), dict(enumerate("abcdefg")))
    made = run("karate", overrides, topology=graph, out=tmp_path / "own")
    assert made.agents().names == tuple("abcdefg")
    again = run(tmp_path / "own" / "scenario.yaml", out=tmp_path / "again")
    assert again.metric_rows().equals(made.metric_rows())
    with monkeypatch.context() as registered:
        registered.setattr(topology, "_entries", {**topology._entries, "here-for-now": lambda: graph})
        run("karate", {**overrides, "topology.kind": "here-for-now"}, out=tmp_path / "made")
    for steps in (14, 16):
        resume(tmp_path / "made", {"training.steps": steps})
    assert open_run(tmp_path / "made").agents().names == tuple("abcdefg")
    assert open_run(tmp_path / "made").configuration["topology"] == {"kind": "here-for-now"}


def test_a_run_that_was_changed_is_not_gone_on_with(a_run: Path) -> None:
    """Neither with another seed, nor with a part of its metrics gone; nothing is written then."""
    part = min((a_run / "metrics").iterdir())
    content = part.read_bytes()
    part.unlink()
    with pytest.raises(StoreError, match=rf"metrics/{part.name}: missing"):
        resume(a_run, {"training.steps": 20})
    part.write_bytes(content)
    info = json.loads((a_run / "run.json").read_text())
    info["configuration"]["seed"] = 5
    (a_run / "run.json").write_text(json.dumps(info))
    with pytest.raises(StoreError, match=r"configuration\.seed: expected 0, got 5"):
        resume(a_run)
    assert open_run(a_run).configuration["training"]["steps"] == 12


def test_a_failure_of_users_code_is_written_down(tmp_path: Path) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    class Clumsy(NoProgress):
        def recorded(self, step: int, metrics: dict[str, float]) -> None:
            if step == 4:
                fail()

    overrides = dict(text.split("=", 1) for text in SMALL)
    with pytest.raises(ZeroDivisionError):
        run("karate", overrides, out=tmp_path / "run", progress=Clumsy())
    assert open_run(tmp_path / "run").status == "failed"


def test_another_version_is_said(a_run: Path, hubbub: CommandLine) -> None:
    info = json.loads((a_run / "run.json").read_text())
    info["versions"]["torch"] = "1.0"
    (a_run / "run.json").write_text(json.dumps(info))
    said = hubbub("resume", a_run, "training.steps=13").err
    assert "this run began with torch 1.0" in said


@pytest.mark.parametrize(("kind", "name"), [("population", "step"), ("population", "born"), ("graph-search", "tries")])
def test_a_state_that_lacks_something_is_refused_by_name(kind: str, name: str) -> None:
    ring = {"kind": "ring", "n_agents": 4, "neighbours": 1}
    system = assemble(load({"name": "small", "system": kind, "topology": ring}))
    state = system.state()
    for values in (state.tensors, state.values):
        values.pop(name, None)
    with pytest.raises(StoreError, match=f"checkpoint: expected {name}, got nothing"):
        take_over(system, LoadedCheckpoint(0, state.tensors, state.values, {}, []))


class Notices(NoProgress):
    """Keeps what is noticed."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def noticed(self, message: str) -> None:
        self.said.append(message)


@pytest.mark.parametrize(("asked", "used"), [("auto", "fused"), ("autograd", "autograd")])
def test_a_run_says_its_kernel_and_a_resume_goes_on_with_that(tmp_path: Path, asked: str, used: str) -> None:
    settings = {**dict(assignment(word) for word in SMALL), "engine.kernel": asked, "training.steps": 5}
    notices = Notices()
    made = run("karate", settings, out=tmp_path / "run", progress=notices)
    assert made.info["kernel"] == used
    resume(made.path, {"training.steps": 6}, progress=notices)
    assert notices.said == [f"steps are computed by the {used} kernel"] * 2
    with pytest.raises(ConfigurationError, match=r"got 'engine\.kernel'"):
        resume(made.path, {"engine.kernel": "autograd", "training.steps": 7})
    run_file = made.path / "run.json"
    info = json.loads(run_file.read_text(encoding="utf-8"))
    run_file.write_text(json.dumps({**info, "kernel": {"fused": "autograd", "autograd": "fused"}[used]}))
    with pytest.raises(StoreError, match=rf"kernel: expected '{used}', got"):
        resume(made.path, {"training.steps": 7})


def test_a_run_from_before_there_was_a_choice_goes_on_with_autograd(tmp_path: Path) -> None:
    settings = {**dict(assignment(word) for word in SMALL), "training.steps": 1}
    made = run("karate", settings, out=tmp_path / "run")
    assert _scenario_of(made, {}, allow_modules=False).kernel == "fused"
    del made.info["kernel"], made.info["configuration"]["engine"]["kernel"]
    assert _scenario_of(made, {}, allow_modules=False).kernel == "autograd"
