"""Packing: small runs of one shape share bundles, long ones begin first, no place stands empty."""

from __future__ import annotations

from typing import Any

import pytest

from hubbub.scenarios.loading import load, read, with_overrides
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.studies.packing import packed
from hubbub.simulator.configuration import validate


def runs(*settings: dict[str, Any], scenario: str = "group-size") -> dict[str, Scenario]:
    common = load(scenario)
    return {f"r{number}": validate(type(common), changed(scenario, one)) for number, one in enumerate(settings)}


def changed(scenario: str, settings: dict[str, Any]) -> dict[str, Any]:
    return with_overrides(read(scenario), settings)


def names(todo: dict[str, Scenario], places: int) -> list[list[str]]:
    return [list(bundle) for bundle in packed(todo, places)]


def test_small_runs_of_one_shape_share_bundles_of_32_agents() -> None:
    small = [{"topology.n_agents": 4, "seed": seed, "training.learning_rate": 1e-3 * (seed + 1)} for seed in range(10)]
    assert names(runs(*small), 1) == [["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7"], ["r8", "r9"]]
    assert sorted(map(len, packed(runs(*small), 5))) == [2] * 5
    assert sorted(map(len, packed(runs(*small), 50))) == [1] * 10


def test_long_runs_are_together_and_first() -> None:
    lengths = [{"topology.n_agents": 8, "training.steps": steps} for steps in (10, 500, 10, 500, 10, 500, 10, 500)]
    assert names(runs(*lengths), 2) == [["r1", "r3", "r5", "r7"], ["r0", "r2", "r4", "r6"]]
    sizes = [{"topology.n_agents": n} for n in (16, 64, 32)]
    assert names(runs(*sizes), 1) == [["r1"], ["r2"], ["r0"]]


@pytest.mark.parametrize(
    "other",
    [
        {"agent.hidden": 32},
        {"channel.temperature": 1.5},
        {"training.games_per_step": 16},
        {"referents.values": 5},
        {"topology.n_agents": 9},
        {"engine.compile": True},
        {"engine.block_agents": 1},
        {"others": {"first": 2, "agent": {"kind": "gru"}}, "channel.estimator": "reinforce"},
        {"agent.kind": "associative"},
    ],
)
def test_runs_whose_steps_cannot_be_computed_together_are_apart(other: dict[str, Any]) -> None:
    assert len(packed(runs({"topology.n_agents": 2}, {"topology.n_agents": 2, **other}), 1)) == 2


def test_only_populations_share_bundles() -> None:
    assert len(packed(runs({}, {"seed": 1}, scenario="graph-search"), 1)) == 2
    assert len(packed(runs({}, {"seed": 1}, scenario="hopfield-graphs"), 1)) == 2
