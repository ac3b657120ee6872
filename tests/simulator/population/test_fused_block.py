"""The fused step does what autograd does: gradients, learning, and the same bits whenever a run is cut or shared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.population import Population
from hubbub.simulator.population.fused_block import FusedBlock
from hubbub.simulator.population.societies import Societies
from hubbub.simulator.randomness import RandomStreams

SMALL = {
    "name": "small",
    "topology": {"kind": "watts-strogatz", "n_agents": 9, "neighbours": 4, "rewiring_probability": 0.3},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
    "channel": {"vocabulary": 5, "max_length": 3},
    "agent": {"kind": "gru", "hidden": 10, "embedding": 6, "self_talk": 0.3},
    "training": {"games_per_step": 5, "learning_rate": 0.01},
    "engine": {"block_agents": 4},
}
GAMES = {
    "reconstruction": {},
    "discrimination": {"game": {"kind": "discrimination", "candidates": 4}, "referents.held_out": 0.0},
}
CHANNELS: dict[str, dict[str, Any]] = {
    "plain": {},
    "noise": {"channel.noise": 0.4},
    "no end": {"channel.end_symbol": False},
    "length cost": {"channel.length_cost": 0.3, "channel.max_length": 5, "channel.vocabulary": 3},
    "entropy bonus": {"channel.entropy_bonus": 0.3},
    "temperature": {"channel.temperature": 0.6},
    "all": {
        "channel.noise": 0.2,
        "channel.length_cost": 0.1,
        "channel.entropy_bonus": 0.2,
        "channel.temperature": 1.7,
        "channel.max_length": 4,
    },
}
OTHERS: dict[str, dict[str, Any]] = {
    "whole registers": {"agent.hidden": 32, "agent.embedding": 16, "channel.vocabulary": 16},
    "more than registers": {"agent.hidden": 33, "agent.embedding": 17, "channel.vocabulary": 35},
    "one of each": {"agent.hidden": 1, "agent.embedding": 1, "channel.vocabulary": 2, "channel.max_length": 2},
    "one symbol": {"channel.max_length": 1, "channel.end_symbol": False},
    "one game": {"training.games_per_step": 1},
    "many games": {"training.games_per_step": 19},
    "many attributes": {"referents.attributes": 3, "referents.values": 18, "referents.held_out": 0.9},
    "hub": {"topology": {"kind": "star", "n_agents": 9}, "agent.self_talk": 0.0},
    "no self-talk": {"agent.self_talk": 0.0},
    "only self-talk": {"agent.self_talk": 1.0},
    "images": {
        "referents": {"kind": "digits", "held_out": 0.2},
        "game": {"kind": "discrimination", "candidates": 3},
    },
}


def population(kernel: str, changes: dict[str, Any]) -> Population:
    return assemble(load(SMALL, {**changes, "engine.kernel": kernel}))


def gradients(one: Population) -> dict[str, torch.Tensor]:
    """Return the gradients of the first step: after it the first moments are a tenth of them."""
    one.step(1)
    return {
        name.removeprefix("agents.first_moment."): 10 * values
        for name, values in one.state().tensors.items()
        if name.startswith("agents.first_moment.")
    }


def assert_same_gradients(changes: dict[str, Any]) -> None:
    one, other = population("fused", changes), population("autograd", changes)
    assert {type(block) for block in one.blocks} == {FusedBlock} != {type(block) for block in other.blocks}
    got, wanted = gradients(one), gradients(other)
    assert got.keys() == wanted.keys()
    size = max(float(values.norm()) for values in wanted.values())
    for name, values in wanted.items():
        error = float((got[name] - values).norm())
        assert error <= 1e-5 * float(values.norm()) + 1e-7 * size, (name, error, float(values.norm()))
    for mine, theirs in zip(one._last_games.values(), other._last_games.values(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("coupling", ["tied", "separate"])
@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_gradients_are_those_of_autograd(coupling: str, estimator: str, game: str, channel: str) -> None:
    chosen = {"agent.coupling": coupling, "channel.estimator": estimator}
    assert_same_gradients({**chosen, **GAMES[game], **CHANNELS[channel]})


@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
@pytest.mark.parametrize("case", OTHERS)
def test_gradients_are_those_of_autograd_at_other_sizes(estimator: str, case: str) -> None:
    if (case, estimator) == ("one game", "reinforce"):
        pytest.skip("REINFORCE has no baseline with one game")
    assert_same_gradients({**OTHERS[case], "channel.estimator": estimator})


@pytest.mark.parametrize("estimator", ["gumbel", "reinforce"])
def test_learning_curves_of_both_kernels_agree_within_their_interval(estimator: str) -> None:
    changes = {
        "topology": {"kind": "complete", "n_agents": 3},
        "referents": {"kind": "symbolic", "attributes": 1, "values": 4, "held_out": 0.0},
        "agent.hidden": 16,
        "training.games_per_step": 16,
        "training.learning_rate": 0.03,
        "channel": {"vocabulary": 5, "max_length": 2, "estimator": estimator, "entropy_bonus": 0.02},
    }
    curves: dict[str, list[list[float]]] = {"fused": [], "autograd": []}
    for kernel, of_seeds in curves.items():
        for seed in range(5):
            one = population(kernel, {**changes, "seed": seed})
            losses = []
            for _ in range(2):
                one.step(25)
                losses.append(one.observe(closely=False).metrics[1]["value"])
            of_seeds.append(losses)
    one, other = (np.array(curves[kernel]) for kernel in ("fused", "autograd"))
    assert other.mean(0)[-1] < 0.9 * np.log(4)  # they learn
    half = stats.t.ppf(0.975, 8) * np.sqrt((one.var(0, ddof=1) + other.var(0, ddof=1)) / 5)
    assert (np.abs(one.mean(0) - other.mean(0)) <= half).all()


def test_a_society_gives_in_any_block_what_it_gives_alone() -> None:
    scenario = load(SMALL, {"engine.kernel": "fused", "topology": {"kind": "ring", "n_agents": 4}})
    rngs = [RandomStreams(seed) for seed in range(3)]
    graph = assemble(scenario).topology
    together = Societies([graph] * 3, rngs, parts=scenario.parts(), block_agents=12)
    assert [type(block) for block in together.blocks] == [FusedBlock]
    together.step(4)
    alone = Societies([graph], rngs[1:2], parts=scenario.parts(), block_agents=4)
    alone.step(4)
    assert torch.equal(together.blocks[0].flat[4:8], alone.blocks[0].flat)  # type: ignore[attr-defined]


@pytest.mark.parametrize("case", ["tied", "separate", "no end", "more than registers"])
def test_many_messages_are_understood_as_by_autograd(case: str) -> None:
    cases: dict[str, dict[str, Any]] = {"tied": {}, "separate": {"agent.coupling": "separate"}, **CHANNELS, **OTHERS}
    one = population("fused", cases[case])
    v, length = one.channel.vocabulary, one.channel.max_length
    drawn = torch.from_numpy(np.random.default_rng(0).integers(min(v, 4), size=(70, length)))
    messages = torch.unique(one.channel.pad(drawn), dim=0)
    block = one.blocks[1]
    listeners = block.first + np.array([2, 0])
    wanted = block.kind.understand(block.weights(listeners), messages)
    torch.testing.assert_close(block.understand(listeners, messages), wanted, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"agent": {"kind": "associative"}, "channel.estimator": "reinforce"}, "agent.kind=associative"),
        (
            {"others": {"first": 3, "agent": {"kind": "associative"}}, "channel.estimator": "reinforce"},
            "agent.kind=asso",
        ),
        ({"engine.device": "cuda"}, "engine.device=cuda"),
        ({"engine.compile": True}, "engine.compile=true"),
    ],
)
def test_what_has_no_fused_step_runs_on_autograd_and_is_refused_by_name(changes: dict[str, Any], reason: str) -> None:
    assert load(SMALL, {**changes, "engine.kernel": "auto"}).kernel == "autograd"
    with pytest.raises(
        ConfigurationError, match=rf"engine\.kernel: expected 'auto' or 'autograd' with {reason}.*'fused'"
    ):
        load(SMALL, {**changes, "engine.kernel": "fused"})


def test_a_system_without_a_choice_refuses_the_fused_step() -> None:
    assert load("sedam").kernel is None
    with pytest.raises(ConfigurationError, match=r"engine\.kernel: expected 'auto' with system=memory"):
        load("sedam", {"engine.kernel": "fused"})
