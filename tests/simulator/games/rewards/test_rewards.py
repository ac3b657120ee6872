"""Rewards that are chosen by name: what games pay, and what agents follow to earn it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import hubbub
from hubbub.checks.metric import TALK
from hubbub.simulator.errors import ConfigurationError, ContractError
from hubbub.simulator.games.environments import reconstruction_v0
from hubbub.simulator.games.rewards import SUCCESS, Reward, reward

REFERENTS: Any = None
GAMES = {
    "objects": torch.arange(4),
    "messages": torch.ones(4, 3, dtype=torch.int64),
    "lengths": torch.tensor([1, 2, 3, 0]),
    "referents": REFERENTS,
}
RATHER_NOT = -0.5


@pytest.fixture(autouse=True)
def _own() -> Iterator[None]:
    """A reward of a user, registered until the test ends."""

    @reward("contrary")
    def contrary(success: torch.Tensor, *, cost: float = RATHER_NOT) -> torch.Tensor:
        return cost * success

    yield
    reward._entries.pop("contrary")


def test_what_games_earn() -> None:
    success = torch.tensor([True, True, False, True])
    assert SUCCESS.of(success, **GAMES).tolist() == [1, 1, 0, 1]
    assert Reward("discounted", {"discount": 0.5}).of(success, **GAMES).tolist() == [1, 0.5, 0, 1]
    assert Reward("contrary").of(success, **GAMES).tolist() == [-0.5, -0.5, 0, -0.5]


def test_agents_follow_at_most_what_they_can_expect() -> None:
    """By hand: r₀ + (r₁ − r₀) p is what a listener earns on average that is right with probability p."""
    p = torch.tensor([1.0, 0.5, 0.1, 0.9], requires_grad=True)
    assert torch.equal(SUCCESS.followed(p.log(), **GAMES), p.log())
    discounted = Reward("discounted", {"discount": 0.5})
    most = torch.tensor([1.0, 0.5, 0.25, 1.0])
    followed = discounted.followed(p.log(), **GAMES)
    assert followed[0].item() == 1
    assert (followed <= most * p).all()
    assert followed.tolist() == pytest.approx((most * (1 + p.log())).tolist())
    unwanted = Reward("contrary").followed(p.log(), **GAMES)
    assert unwanted.tolist() == pytest.approx((RATHER_NOT * p).tolist())
    [gradient] = torch.autograd.grad(unwanted.sum(), p)
    assert gradient.tolist() == pytest.approx([RATHER_NOT] * 4)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (lambda success: 1.0, r"reward 'mine': expected a tensor \[4\], got 1\.0"),
        (lambda success: success[:2], r"reward 'mine': expected a tensor \[4\], got a tensor \[2\]"),
        (lambda success: success / 0, "reward 'mine': expected finite numbers"),
        (lambda success: 1 // 0, r"reward 'mine': .* failed at .*test_rewards\.py:\d+ with ZeroDivisionError"),
    ],
)
def test_wrong_rewards_are_refused_by_name(returned: Any, message: str) -> None:
    reward("mine")(returned)
    try:
        with pytest.raises(ContractError, match=message):
            Reward("mine").of(torch.ones(4), **GAMES)
    finally:
        reward._entries.pop("mine")


def weights(made: Any) -> dict[str, torch.Tensor]:
    state = hubbub.load_system(made.path).state().tensors
    return {name: values for name, values in state.items() if name.startswith("agents.weights.")}


def test_what_is_rewarded_is_learned(tmp_path: Path) -> None:
    """Equal weights are success to the last bit; where nothing pays, nothing is learned; what costs is unlearned."""
    runs = {
        name: hubbub.run(TALK, {"training.steps": 3, "engine.record_every": 1, **more}, out=tmp_path / name)
        for name, more in {
            "first": {"training.steps": 0},
            "usual": {},
            "equal": {"game.reward": {"kind": "weighted", "weights": [1.0]}},
            "nothing": {"game.reward": {"kind": "weighted", "weights": [0.0]}},
            "contrary": {"game.reward": "contrary"},
        }.items()
    }
    found = {name: weights(made) for name, made in runs.items()}

    def same(one: str, other: str) -> bool:
        return all(torch.equal(values, found[other][name]) for name, values in found[one].items())

    assert same("usual", "equal") and not same("usual", "first")
    assert same("nothing", "first")
    assert not same("contrary", "first")
    earned = {name: made.metric("reward")[1] for name, made in runs.items() if name != "first"}
    assert earned["nothing"].tolist() == [0, 0, 0]
    assert np.array_equal(earned["equal"], earned["usual"])
    assert (earned["contrary"] <= 0).all()
    assert runs["usual"].configuration["game"] == {"kind": "reconstruction", "reward": {"kind": "success"}}


def test_environments_pay_it() -> None:
    """The seed and the actions are the same; what differs is the pay of a short message that was understood."""

    def paid(**options: Any) -> list[float]:
        env = reconstruction_v0.parallel_env(rounds=40, seed=1, **options)
        env.reset()
        found = []
        while env.agents:
            action = {"message": np.ones(4, np.int64), "answer": np.zeros(3, np.int64)}
            _, rewards, *_, infos = env.step(dict.fromkeys(env.agents, action))
            found += [rewards[agent] for agent in rewards if infos[agent].get("success")]
        return found

    usual, discounted = paid(), paid(reward={"kind": "discounted", "discount": 0.5})
    assert usual and set(usual) == {1.0}
    assert discounted == [0.5**3] * len(usual)
    with pytest.raises(ConfigurationError, match=r"reward: .*, got 'discountd'; did you mean 'discounted'"):
        reconstruction_v0.parallel_env(reward="discountd")


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"game.reward": "sucess"}, r"game\.reward\.kind: .*got 'sucess'; did you mean 'success'\?"),
        (
            {"game.reward": "discounted"},
            r"channel\.estimator: expected 'reinforce' with game\.reward=discounted, which asks for lengths",
        ),
        (
            {"game.reward": "contrary", "engine.kernel": "fused"},
            r"engine\.kernel: .* with game\.reward=contrary, because agents follow success in the fused step; got 'fus",
        ),
        (
            {
                "game.reward": "contrary",
                "channel.estimator": "reinforce",
                "agent": {"kind": "associative", "load": 4},
            },
            "game.reward: expected 'success' with agent.kind=associative, which learns from success alone, got 'contr",
        ),
    ],
)
def test_what_cannot_be_followed_is_refused(overrides: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        hubbub.load_scenario(TALK, overrides)


def test_a_run_says_why_its_steps_are_not_fused() -> None:
    chosen = hubbub.load_scenario(TALK, {"game.reward": "contrary", "engine.kernel": "auto"})
    assert (chosen.kernel, chosen.kernel_reason.partition(",")[0]) == ("autograd", "game.reward=contrary")
    assert hubbub.load_scenario(TALK, {"engine.kernel": "auto"}).kernel_reason == ""
