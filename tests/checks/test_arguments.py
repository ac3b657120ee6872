"""Every checker refuses wrong arguments in our words."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest

import hubbub
from hubbub import checks
from hubbub.simulator.errors import ConfigurationError

NAMED = {
    "check_agent": "gru",
    "check_game": "reconstruction",
    "check_memory": "hopfield",
    "check_metric": "mean_length",
    "check_reward": "success",
    "check_topology": "karate",
}


def test_all_are_here() -> None:
    assert {*NAMED, "check_system"} == set(checks.__all__)


@pytest.mark.parametrize("check", NAMED)
@pytest.mark.parametrize("name", ["nothing-like-it", "", None, 3, ["gru"], {"kind": "gru"}])
def test_a_name_that_is_none_is_refused(check: str, name: Any) -> None:
    noun = check.removeprefix("check_")
    with pytest.raises(ConfigurationError, match=f"^{noun}: expected (one of|the name of a registered {noun})"):
        getattr(hubbub, check)(name)


@pytest.mark.parametrize("check", NAMED)
def test_an_option_that_is_none_is_refused(check: str) -> None:
    with pytest.raises(ConfigurationError, match="no_such_option: expected one of the fields of"):
        getattr(hubbub, check)(NAMED[check], no_such_option=1)


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: hubbub.check_agent("gru", hidden="many"), "hidden: expected a whole number"),
    (lambda: hubbub.check_agent("gru", rules="reconstruction"), "rules: expected a Game or None, got"),
    (lambda: hubbub.check_agent("gru", channel={"vocabulary": 3}), "channel: expected a Channel or None, got {"),
    (
        lambda: hubbub.check_game("reconstruction", about="symbolic"),
        "about: expected Referents or None, got",
    ),
    (lambda: hubbub.check_reward("success", about=3), "about: expected Referents or None, got 3"),
    (lambda: hubbub.check_reward("discounted", discount=2), "discount: expected less than or equal to 1"),
    (lambda: hubbub.check_memory("hopfield", noise="much"), "noise.0: expected a number, got 'much'"),
    (lambda: hubbub.check_memory("hopfield", noise=math.nan), "noise.0: expected a finite number"),
    (lambda: hubbub.check_memory("hopfield", noise=-0.1), "noise.0: expected greater than or equal to 0"),
    (lambda: hubbub.check_memory("hopfield", noise=True), "noise.0: expected a number"),
    (lambda: hubbub.check_memory("hopfield", noise=None), "noise.0: expected a number"),
    (
        lambda: hubbub.check_memory("hopfield", topology="ring"),
        "topology: expected a Topology, a networkx graph",
    ),
    (lambda: hubbub.check_memory("sedam", topology=nx.cycle_graph(9)), "topology: expected no graph with the memory"),
    (
        lambda: hubbub.check_metric("mean_length", scenario=3),
        "scenario: expected a name, a YAML file or a mapping, got 3",
    ),
    (lambda: hubbub.check_metric("mean_length", scenario=""), "scenario: expected one of"),
    (lambda: hubbub.check_system(3), "scenario: expected a name, a YAML file or a mapping, got 3"),
    (lambda: hubbub.check_system("karat"), "did you mean 'karate'"),
    (lambda: hubbub.check_system("karate", [("seed", 1)]), "overrides: expected a mapping of dotted paths to values"),
    (lambda: hubbub.check_system("karate", steps=0), "steps: expected a whole number of at least 1, got 0"),
    (lambda: hubbub.check_system("karate", steps=1.5), "steps: expected a whole number of at least 1, got 1.5"),
    (lambda: hubbub.check_system("karate", steps=True), "steps: expected a whole number of at least 1, got True"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_a_wrong_argument_is_named(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        call()
    assert message in str(refused.value)


def test_a_memory_can_be_checked_without_noise() -> None:
    assert hubbub.check_memory("hopfield", noise=0.0)
