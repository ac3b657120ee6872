"""The checker of systems passes all of ours, and names what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import pytest
import torch

import hubbub
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.systems import system
from hubbub.simulator.configuration import Section
from hubbub.simulator.engine import Observation, State
from hubbub.simulator.errors import ContractError

GRAPH = {"kind": "ring", "n_agents": 5, "neighbours": 1}
TALK = {"topology": GRAPH, "agent": {"kind": "gru", "hidden": 4, "embedding": 4}, "channel": {"vocabulary": 4}}
SMALL: dict[str, dict[str, Any]] = {
    "population": {**TALK, "training": {"games_per_step": 2}, "recording": {"referents": 4}},
    "partner-search": {**TALK, "training": {"games_per_step": 2}, "recording": {"referents": 4}},
    "graph-search": {
        **TALK,
        "training": {"games_per_step": 2, "steps": 2},
        "recording": {"referents": 4},
        "search": {"generations": 9, "parents": 2, "children": 2, "seeds": 1},
    },
    "memory": {
        "patterns": {"kind": "random", "n_spins": 30},
        "copies": {"noise": [0.1], "load": [2], "repetitions": 2},
        "dynamics": {"kernel": "plain"},
        "recording": {"burn_in_steps": 2},
    },
    "training": {"task": {"kind": "sparse-parity"}},
    "control": {"ppo": {"horizon": 8, "minibatches": 1, "epochs": 1}},
}
OURS = [name for name in system if system[name].__module__.startswith("hubbub.scenarios")]


@pytest.mark.parametrize("name", OURS)
def test_ours_meet_all_demands(name: str) -> None:
    demands = hubbub.check_system({"name": "small", "system": name, **SMALL[name]}, steps=2)
    assert "a system that was loaded makes the same next steps" in demands


class Length(Section):
    """How long."""

    steps: int = 4


class WalkScenario(Scenario):
    """Steps to the left and right."""

    length_field: ClassVar[str] = "length.steps"
    system: Literal["broken"] = "broken"
    length_: ClassVar[int] = 0
    walk: Length = Length()


class Walk:
    """A random walk, of which one part after the other is broken below."""

    stride = 1

    def __init__(self, seed: int) -> None:
        self.now, self.place, self.seed = 0, 0, seed

    @property
    def work(self) -> tuple[str, int]:
        return "steps", self.now

    def step(self, n: int) -> Any:
        steps = []
        for _ in range(n):
            self.place += int(np.random.default_rng([self.seed, self.now]).integers(-1, 2))
            self.now += 1
            steps.append(self.now)
        return {"events": {"step": steps, "kind": ["walk"] * n}}

    def observe(self, *, closely: bool) -> Observation:
        return Observation(self.now, [{"name": "place", "value": float(self.place)}])

    def state(self) -> State:
        return State({"place": torch.tensor(self.place)}, {"step": self.now})

    def load(self, state: State) -> None:
        self.now, self.place = state.values["step"], int(state.tensors["place"])


def changing(self: Any, *, closely: bool) -> Observation:
    self.place += 1
    return Walk.observe(self, closely=closely)


def hurried(self: Any, n: int) -> Any:
    """Draw once for all steps."""
    self.place += int(np.random.default_rng([self.seed, self.now]).integers(1, 100)) * n**2
    self.now += n
    return {}


def drawing(self: Any, n: int) -> Any:
    np.random.random()  # noqa: NPY002
    return Walk.step(self, n)


def forgetful(self: Any, state: State) -> None:
    self.now = state.values["step"]


def secretive(self: Any, n: int) -> Any:
    """Depend on something that is no part of the state."""
    self.before = getattr(self, "before", 0) + n
    self.place += self.before
    self.now += n
    return {}


OWN = np.random.default_rng(0)

BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"work": ("steps", -1)}, "`work` is a unit and a number"),
    ({"stride": 0}, "`stride` is a whole number"),
    ({"state": None, "load": None}, "all methods of a System; got nothing for state, load"),
    ({"__init__": lambda self, seed: setattr(self, "now", 1)}, "it begins at step 0; got 1"),
    ({"state": lambda self: State({"place": self.place}, {"step": self.now})}, "tensors are torch tensors"),
    ({"state": lambda self: State({}, {"step": self.now, "place": {self.place}})}, "JSON can hold the values"),
    ({"state": lambda self: State({}, {"step": self.now, "place": (self.place,)})}, "the same after JSON"),
    ({"state": lambda self: State({}, {"now": self.now})}, "the number of steps, `step`"),
    (
        {"state": lambda self: State({"place": torch.tensor(OWN.random())}, {"step": self.now})},
        "the same scenario gives the same system",
    ),
    ({"step": lambda self, n: 1 / 0}, "`step` makes steps; got ZeroDivisionError"),
    ({"step": lambda self, n: Walk.step(self, n + 1)}, r"`step\(n\)` makes n steps; got 3"),
    ({"step": lambda self, n: Walk.step(self, n) and None}, "returns tables by name; got NoneType"),
    ({"step": lambda self, n: {"walks": Walk.step(self, n)["events"]}}, "columns of the tables `events` and `series`"),
    ({"step": lambda self, n: {"events": {"step": [Walk.step(self, n) and 99]}}}, "in the order of their steps"),
    ({"step": hurried}, "many steps at once are as many single steps"),
    ({"step": drawing}, "passed; got a global one"),
    ({"observe": changing}, "observing and measuring change nothing"),
    ({"observe": lambda self, *, closely: Observation(0)}, "an observation has the number of the step"),
    ({"observe": lambda self, *, closely: Observation(self.now, [{"name": "x"}])}, "has `name`, `value`"),
    (
        {"observe": lambda self, *, closely: Observation(self.now, [{"name": "x", "value": 1, "town": 2}])},
        "known dimensions; got name, value, town",
    ),
    ({"observe": lambda self, *, closely: Observation(self.now)}, "at least one metric of `headline`"),
    ({"load": lambda self, state: None}, "loaded is at the step of its state"),
    ({"load": forgetful}, "loaded has the state that it was given"),
    ({"step": secretive}, "single steps|makes the same next steps"),
]


def kind(made: type, **members: Any) -> type:
    """Return a kind of systems of the class `made`."""

    class Kind:
        headline: ClassVar[tuple[str, ...]] = ("place",)

        def model(self) -> Any:
            return type("Model", (WalkScenario,), {"length_field": "walk.steps", "__module__": __name__})

        def assemble(self, scenario: Any, topology: Any, team: Any) -> Any:
            return made(scenario.seed)

        def describe(self, built: Any) -> Any:
            return {"walk.txt": "a walk"}

        def measure(self, built: Any) -> Any:
            return lambda observation: []

    for name, member in members.items():
        setattr(Kind, name, member)
    return Kind


def check(registered: Any, of: type) -> list[str]:
    return hubbub.check_system({"name": "walk", "system": registered(system, of)}, steps=2)


def test_a_sound_one_passes(registered: Any) -> None:
    assert "observing and measuring change nothing" in check(registered, kind(Walk))


@pytest.mark.parametrize(("members", "demand"), BROKEN)
def test_a_broken_one_is_refused_by_the_demand(members: dict[str, Any], demand: str, registered: Any) -> None:
    whole = {name: member for name, member in vars(Walk).items() if not name.startswith("__") or name == "__init__"}
    made = type("Broken", (), {name: one for name, one in (whole | members).items() if one is not None})
    with pytest.raises(ContractError, match=rf"^system 'broken': expected that .*({demand})"):
        check(registered, kind(made))


@pytest.mark.parametrize(
    ("members", "demand"),
    [
        ({"assemble": lambda self, scenario, topology, team: 1 / 0}, "it can be assembled; got ZeroDivisionError"),
        ({"describe": lambda self, built: {"walk.txt": b"a walk"}}, "text, and tables in .parquet files"),
        ({"measure": lambda self, built: lambda observation: built.step(1) and []}, "change nothing"),
    ],
)
def test_a_broken_kind_is_refused_by_the_demand(members: dict[str, Any], demand: str, registered: Any) -> None:
    with pytest.raises(ContractError, match=rf"^system 'broken': expected that .*{demand}"):
        check(registered, kind(Walk, **members))


def test_the_system_of_the_examples_meets_all_demands(registered: Any) -> None:
    example = Path(__file__).parents[2] / "examples" / "own_system.yaml"
    registered(system, kind(Walk))  # what the example registers is gone with the test, as this is
    demands = hubbub.check_system(example, {"topology.n_agents": 10})
    assert "a topology that is passed replaces that of the scenario" in demands
