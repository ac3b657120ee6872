"""What the JSON Schema admits passes the door, where several fields must fit together; and the other way round."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
import pytest

from hubbub.scenarios.library import names
from hubbub.scenarios.loading import load, override, read
from hubbub.scenarios.systems import schema
from hubbub.simulator.errors import ConfigurationError

RULE = {"kind": "random-rewire", "probability": 0.5}


@cache
def validator() -> Any:
    return jsonschema.Draft202012Validator(schema())


def changed(scenario: str, changes: dict[str, Any]) -> dict[str, Any]:
    data = read(scenario)
    for path, value in changes.items():
        data = override(data, path, value)
    return data


@pytest.mark.parametrize("name", names())
def test_every_scenario_of_ours_passes_both(name: str) -> None:
    assert [error.message for error in validator().iter_errors(read(name))] == []
    load(name)


@pytest.mark.parametrize(
    ("scenario", "changes"),
    [
        ("partner-search", {"training.pairing": "edge"}),
        ("karate", {"channel.max_length": 1}),
        ("karate", {"channel.estimator": "reinforce", "training.games_per_step": 1}),
        ("karate", {"recording.emergence": True, "agent.kind": "associative"}),
        ("mixed-society", {"channel.estimator": "gumbel"}),
        ("karate", {"rewiring": [{"rule": RULE}]}),
        ("karate", {"rewiring": [{"rule": RULE, "every": 2, "at": [3]}]}),
        ("karate", {"rewiring": [{"rule": RULE, "at": []}]}),
        ("karate", {"engine.kernel": "fused", "engine.compile": True}),
        ("karate", {"engine.kernel": "fused", "engine.device": "cuda"}),
        ("karate", {"training.steps": 2**63}),
        ("karate", {"seed": 2**256}),
        ("bang-bang", {"ppo.n_envs": 1, "ppo.horizon": 1}),
        ("bang-bang", {"policy.heads": ["gaussian", "gaussian"]}),
        ("memory-retrieval", {"copies.noise": [0.1, 0.1]}),
        ("memory-retrieval", {"recording": {"burn_in_steps": 1, "avalanches": True}}),
        ("pruning-emergence", {"networks.learning_rate": [0.1, 0.1]}),
    ],
)
def test_what_the_door_refuses_the_schema_refuses(scenario: str, changes: dict[str, Any]) -> None:
    data = changed(scenario, changes)
    with pytest.raises(ConfigurationError):
        load(data)
    assert not validator().is_valid(data)


@pytest.mark.parametrize(
    ("scenario", "changes"),
    [
        ("karate", {"channel.max_length": 1, "channel.end_symbol": False}),
        ("karate", {"channel.estimator": "reinforce", "training.games_per_step": 2}),
        ("karate", {"rewiring": [{"rule": RULE, "at": [3]}, {"rule": RULE, "every": 2}]}),
        ("karate", {"seed": 2**200, "engine.kernel": "fused"}),
        (
            "memory-retrieval",
            {"recording.burn_in_steps": 1, "recording.avalanches": False, "recording.coincidences": False},
        ),
    ],
)
def test_what_fits_together_passes_both(scenario: str, changes: dict[str, Any]) -> None:
    data = changed(scenario, changes)
    load(data)
    assert [error.message for error in validator().iter_errors(data)] == []
