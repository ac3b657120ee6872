"""Populations in one stack: each does what it does alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from hubbub.scenarios.loading import load
from hubbub.scenarios.systems import assemble
from hubbub.simulator.population import Population
from hubbub.simulator.population.stack import stack_of

SIZES = (4, 2, 3)
DIGITS = {
    "referents": {"kind": "digits", "held_out": 0.2},
    "game": {"kind": "discrimination", "candidates": 3},
}


def populations(changes: dict[str, Any]) -> list[Population]:
    """Return populations of different sizes, seeds and learning rates."""
    common = {
        "agent.hidden": 16,
        "agent.embedding": 8,
        "training.games_per_step": 8,
        **changes,
    }
    own = ({"topology.n_agents": n, "seed": n, "training.learning_rate": 0.003 * n} for n in SIZES)
    return [assemble(load("group-size", {**common, **one})) for one in own]


def play_together(those: list[Population], steps: int) -> None:
    stack = stack_of(those)
    for _ in range(steps):
        played = stack.play(those[0].now, [population._exchanges() for population in those])
        for population, heard in zip(those, played, strict=True):
            population.play_with(lambda exchanges, heard=heard: heard)
            population.step(1)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"engine.kernel": "autograd"},
        {"channel.estimator": "reinforce", "channel.noise": 0.1, "training.pairing": "edge"},
        {"agent.coupling": "separate", "agent.self_talk": 0.0, "training.pairing": "matching"},
        DIGITS,
    ],
)
def test_a_population_in_a_stack_does_to_the_bit_what_it_does_alone(changes: dict[str, Any]) -> None:
    together, alone = populations(changes), populations(changes)
    play_together(together, 6)
    for one, other in zip(together, alone, strict=True):
        other.step(6)
        assert one.observe(closely=False) == other.observe(closely=False)
        tensors, expected = one.state().tensors, other.state().tensors
        assert all(torch.equal(tensors[name], expected[name]) for name in expected)
        assert np.array_equal(one.lexicon().splits["train"].success, other.lexicon().splits["train"].success)


def test_with_sizes_that_do_not_fill_vectors_it_does_the_same_to_rounding() -> None:
    changes = {"agent.hidden": 13, "agent.embedding": 7, "channel.vocabulary": 5, "training.games_per_step": 5}
    together, alone = populations(changes), populations(changes)
    play_together(together, 6)
    for one, other in zip(together, alone, strict=True):
        other.step(6)
        torch.testing.assert_close(one.blocks[0].tensors(), other.blocks[0].tensors(), rtol=1e-4, atol=1e-6)


def test_the_games_of_a_population_are_returned_in_its_own_numbers() -> None:
    those = populations(DIGITS)
    exchanges = [population._exchanges() for population in those]
    for population, drawn, (mail, told) in zip(those, exchanges, stack_of(those).play(0, exchanges), strict=True):
        assert np.array_equal(mail.speakers, drawn.speakers) and np.array_equal(mail.listeners, drawn.listeners)
        train = population.game.referents.of("train")
        assert np.isin(mail.deal.objects.numpy(), train).all()
        assert mail.deal.candidates is not None and np.isin(mail.deal.candidates.numpy(), train).all()
        assert told.success.shape == mail.lengths.shape == (len(drawn.speakers), 8)


def test_replaced_agents_and_loaded_checkpoints_of_a_population_reach_the_stack() -> None:
    those = populations({})
    stack = stack_of(those)
    those[1].blocks[0].replace(np.array([0]), 5)
    fresh = populations({})[2]
    those[2].load(fresh.state())
    rows = torch.cat([population.blocks[0].flat for population in those])
    assert torch.equal(stack.flat.detach(), rows)
    assert not torch.equal(rows[4], populations({})[1].blocks[0].flat[0])
