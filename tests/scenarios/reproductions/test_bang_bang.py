"""Bang-bang control from end to end in small, and verdicts that follow from made-up rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hubbub.scenarios.reproductions import RunSet, Table, bang_bang
from hubbub.scenarios.reproductions.bang_bang import measures
from hubbub.scenarios.reproductions.bang_bang.claims import of_environment
from hubbub.scenarios.reproductions.bang_bang.environments import FULL, INTEGRATOR, PENDULUM, SMALL
from hubbub.scenarios.reproductions.writing import write_outcome

COMMON = {"uniform_return": -9.0, "least_time": 1.8, "least_cost": 7.0, "law_time": 2.0, "agreement": 0.6}


def made_up(returns: dict[tuple[str, float], float], masses: dict[tuple[str, float], float]) -> Table:
    wobble = (-0.01, 0.0, 0.01)
    over_steps: list[dict[str, Any]] = []
    at_the_end: list[dict[str, Any]] = []
    for (head, cost), value in returns.items():
        for seed, by in enumerate(wobble):
            where = {"head": head, "action_cost": cost, "seed": seed}
            metrics = dict.fromkeys(measures.METRICS, 0.5)
            metrics |= {"return": value + by, "boundary_mass": masses[head, cost] + by}
            over_steps.append({**where, **metrics, "step": 0, "last": True})
            student = value + 20 * by if head == "gaussian" else value
            more = {"time": -value, "student_return": student, "early_boundary_mass": 0.5}
            at_the_end.append({**where, **COMMON, **more})
    return Table([*over_steps, *at_the_end])


RETURNS = {
    ("gaussian", 0.0): -1.8,
    ("gaussian", 1.0): -7.5,
    ("bernoulli", 0.0): -1.9,
    ("bernoulli", 1.0): -19.0,
    ("bang-off-bang", 0.0): -1.8,
    ("bang-off-bang", 1.0): -9.5,
}
MASSES = {place: 0.8 if place == ("gaussian", 0.0) else 0.1 if place == ("gaussian", 1.0) else 1.0 for place in RETURNS}


def verdicts(returns: dict[tuple[str, float], float], masses: dict[tuple[str, float], float]) -> dict[str, str]:
    return {
        claim.name.partition(" (double")[0]: claim.verdict
        for claim in of_environment(INTEGRATOR, made_up(returns, masses))
    }


def test_what_the_source_says_holds_where_it_is_so() -> None:
    assert set(verdicts(RETURNS, MASSES).values()) == {"holds"}


@pytest.mark.parametrize(
    ("place", "value", "claims"),
    [
        (("bernoulli", 0.0), -3.0, {"equal return", "control: they learn", "least time (bernoulli)"}),
        (("bernoulli", 1.0), -7.0, {"costs break equality", "a third value"}),
        (("bang-off-bang", 1.0), -20.0, {"a third value"}),
    ],
)
def test_a_return_that_contradicts_is_told(place: tuple[str, float], value: float, claims: set[str]) -> None:
    found = verdicts({**RETURNS, place: value}, MASSES)
    assert {name for name, verdict in found.items() if verdict == "does not hold"} == claims


def test_actions_that_contradict_are_told() -> None:
    found = verdicts(RETURNS, {**MASSES, ("gaussian", 0.0): 0.05})
    assert found["at the bounds"] == found["costs break bounds"] == "does not hold"


def test_the_whole_reproduction_in_small(
    here: Callable[..., RunSet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = {"n_envs": 2, "horizon": 10, "epochs": 1, "minibatches": 1, "eval_episodes": 2}
    environment = {"kind": "double-integrator", "episode_steps": 12}
    place = replace(INTEGRATOR, section=environment, steps=12, seeds=2, ppo={**INTEGRATOR.ppo, **tiny})
    train_students = measures.train_students
    monkeypatch.setattr(import_module("hubbub.scenarios.reproductions.bang_bang.figures"), "GRID", 5)
    monkeypatch.setattr(measures, "train_students", lambda *args, **options: train_students(*args, **options, steps=2))
    outcome = bang_bang.bang_bang("small", environments=(place,)).reproduce(here())
    names = {path.name for path in write_outcome(outcome, tmp_path / "out", command="as typed")}
    assert {"double-integrator-policies.png", "double-integrator-actions.png"} <= names
    text = (tmp_path / "out" / "results.md").read_text(encoding="utf-8")
    assert "2 seeds, 12 steps of PPO of 2 × 10 moments" in text
    last = outcome.table.having("least_time").rows
    assert len(last) == 12 and {row["least_time"] for row in last} == {last[0]["least_time"]}
    assert np.isnan([row["student_return"] for row in last]).sum() == 8


def test_full_is_as_small_but_longer() -> None:
    assert [place.name for place in FULL] == [INTEGRATOR.name, PENDULUM.name]
    for small, full in zip(SMALL, FULL, strict=True):
        assert full.seeds > small.seeds and full.steps > small.steps
        assert replace(full, seeds=small.seeds, steps=small.steps) == small
