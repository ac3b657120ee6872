"""The checker of rewards passes all of ours, and names what is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

import hubbub
from hubbub.simulator.errors import ContractError
from hubbub.simulator.games.rewards import reward

OURS = [name for name in reward if reward[name].__module__.startswith("hubbub.simulator")]


@pytest.mark.parametrize("name", OURS)
def test_ours_meet_all_demands(name: str) -> None:
    options: dict[str, Any] = {"weights": [1.0, 2.0, 5.0], "attribute": 2} if name == "weighted" else {}
    assert "what a game earns does not depend on other games" in hubbub.check_reward(name, **options)


def in_place(success: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    return success.mul_(lengths)


def drawing(success: torch.Tensor) -> torch.Tensor:
    return success * torch.rand(success.shape)


def changing(success: torch.Tensor, calls: list[int] = []) -> torch.Tensor:  # noqa: B006
    calls.append(0)
    return success * len(calls)


BROKEN: list[tuple[Callable[..., Any], str]] = [
    (lambda success: success.sum(), r"reward 'broken': expected a tensor \[8\], got a tensor \[\]"),
    (lambda success: success.tolist(), r"expected a tensor \[8\], got \["),
    (lambda success: success / 0, "expected finite numbers"),
    (lambda success: 1 / 0, "failed .*with ZeroDivisionError"),
    (lambda success: success[:, :1], "failed .*with IndexError"),
    (lambda success, messages: success * messages[:, 0], "failed|expected a tensor"),
    (lambda success: success - success.mean(), "what a game earns does not depend on other games"),
    (lambda success: torch.ones_like(success), "not all games earn the same; got 1.0"),
    (in_place, "it changes nothing of the games"),
    (drawing, "all random numbers come from the generator that is passed"),
]


@pytest.mark.parametrize(("function", "demand"), BROKEN)
def test_a_broken_one_is_named(function: Callable[..., Any], demand: str, registered: Any) -> None:
    with pytest.raises(ContractError, match=demand):
        hubbub.check_reward(registered(reward, function))


def test_one_that_remembers_is_named(registered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    function = lambda success: changing(success, calls)  # noqa: E731
    with pytest.raises(ContractError, match="it draws and remembers nothing"):
        hubbub.check_reward(registered(reward, function))
