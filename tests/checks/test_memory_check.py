"""The checker of memories passes all of ours, and names what is broken."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch

import hubbub
from hubbub.simulator.errors import ConfigurationError, ContractError
from hubbub.simulator.memory import memory
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.random_words import uniforms

OURS = [name for name in memory if memory[name].__module__.startswith("hubbub.simulator")]


@pytest.mark.parametrize("name", OURS)
def test_ours_meet_all_demands(name: str) -> None:
    graph = nx.cycle_graph(24) if name == "threshold-neurons" else None
    assert "all kernels give the same states" in hubbub.check_memory(name, topology=graph)


def test_a_memory_on_a_graph_meets_them_too() -> None:
    assert hubbub.check_memory("hopfield", topology=nx.cycle_graph(24), update="asynchronous")


class Sound(Model):
    """A memory that forgets everything: every spin is noise."""

    def plain_step(self, state: torch.Tensor, step: int) -> torch.Tensor:
        draws = uniforms(self.noise_keys, step, state.shape[1])
        return torch.where(draws < 0.5, 1, -1).to(state.dtype)


def test_a_sound_one_passes(registered: Any) -> None:
    assert hubbub.check_memory(registered(memory, Sound))


def in_place(self: Any, state: torch.Tensor, step: int) -> torch.Tensor:
    return state.copy_(Sound.plain_step(self, state, step))


def counting(self: Any, state: torch.Tensor, step: int) -> torch.Tensor:
    self.calls = getattr(self, "calls", 0) + 1
    return Sound.plain_step(self, state, self.calls)


def advance_from_zero(self: Any, kernel: str, state: np.ndarray, *, made: int, record: Any) -> None:
    Model.advance(self, kernel, state, made=0, record=record)


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"kernels": ("loop",)}, "`kernels` names 'plain'"),
    ({"kernels": ("plain", "loop")}, "`advance` makes steps; got NotImplementedError"),
    ({"store": lambda self, copies, device: 1 / 0}, "`store` takes copies; got ZeroDivisionError"),
    ({"initial": lambda self, start: start[:1].copy()}, r"`initial` returns an array \[C, D\]"),
    ({"initial": lambda self, start: start}, "`initial` returns an array of its own"),
    ({"plain_step": lambda self, state, step: state.double()}, "states of the same type and shape"),
    ({"plain_step": in_place}, "leaves the states that it was given"),
    (
        {"plain_step": lambda self, state, step: torch.where(torch.rand(state.shape) < 0.5, 1, -1).to(state.dtype)},
        "passed; got a global one",
    ),
    ({"plain_step": lambda self, state, step: Sound.plain_step(self, state, id(self))}, "nothing but state, step"),
    ({"plain_step": lambda self, state, step: state.roll(1, 0)}, "other copies"),
    ({"is_on": lambda self, state: state}, "`is_on` returns truth values"),
    ({"energy": lambda self, state: state.sum()}, "`energy` returns one number for each copy"),
    ({"advance": advance_from_zero}, "steps made in two parts"),
]


@pytest.mark.parametrize(("members", "demand"), BROKEN)
def test_a_broken_one_is_refused_by_the_demand(members: dict[str, Any], demand: str, registered: Any) -> None:
    broken = type("Broken", (Sound,), members)
    kept: list[Any] = []  # so that no two instances have the same id
    broken.__init__ = lambda self: kept.append(self)  # type: ignore[misc]
    with pytest.raises(ContractError, match=rf"^memory 'broken': expected that .*{demand}"):
        hubbub.check_memory(registered(memory, broken))


def test_a_graph_that_a_memory_would_not_use_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected no graph with the memory 'polynomial'"):
        hubbub.check_memory("polynomial", topology=nx.cycle_graph(24))
