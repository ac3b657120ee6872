"""Agents who leave and newcomers who take their places."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.population import Population, Turnover

SMALL: dict[str, Any] = {
    "name": "small",
    "topology": {"kind": "ring", "n_agents": 6},
    "turnover": {"every": 2, "agents": 2, "start": 2},
    "referents": {"kind": "symbolic", "attributes": 2, "values": 3},
    "channel": {"vocabulary": 5, "max_length": 3},
    "agent": {"kind": "gru", "hidden": 8, "embedding": 4},
    "training": {"games_per_step": 4, "learning_rate": 0.01},
    "engine": {"block_agents": 4},
}


def weights(population: Population) -> torch.Tensor:
    return torch.cat([block.flat.detach().clone() for block in population.blocks])


def test_when_agents_leave() -> None:
    rule = Turnover(every=5, start=7, until=20)
    assert [step for step in range(40) if rule.due(step)] == [10, 15, 20]
    assert not Turnover(every=5).due(0)


def test_the_oldest_leave_first_and_nobody_twice_in_a_generation() -> None:
    rule, born = Turnover(every=1, agents=2), np.zeros(6, dtype=np.int64)
    gone = []
    for step in range(1, 4):
        leaving = rule.leaving(born, np.random.default_rng(step))
        born[leaving] = step
        gone += leaving.tolist()
    assert sorted(gone) == list(range(6))


def test_newcomers_know_nothing_and_the_others_stay_as_they_are() -> None:
    population: Population = assemble(load(SMALL, {"training.learning_rate": 1e-12}))
    first = weights(population)
    events = population.step(3)["events"]
    left = events["source"]
    assert list(events["kind"]) == ["agent-replaced"] * 2
    assert list(events["step"]) == [3, 3]
    same = torch.isclose(weights(population), first, atol=1e-6).all(dim=1)
    assert [agent for agent in range(6) if not same[agent]] == sorted(left)
    assert population.born[left].tolist() == [2, 2]
    updates = torch.cat([block.optimiser.updates for block in population.blocks])
    assert all(updates[agent] == 1 for agent in left)


def test_a_state_remembers_who_came_when() -> None:
    whole, half, rest = (assemble(load(SMALL)) for _ in range(3))
    whole.step(9)
    half.step(5)
    rest.load(half.state())
    rest.step(4)
    assert torch.equal(weights(whole), weights(rest))
    assert np.array_equal(whole.born, rest.born)
    assert whole.born.max() == 8
