from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch.func import functional_call

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Adam, Grid, Network, Networks, lay_out
from hubbub.simulator.training.tasks.entity_sequences import EntitySequences, entity_sequences, following

CPU = torch.device("cpu")


def small(**changes: Any) -> EntitySequences:
    options: dict[str, Any] = {"entities": 5, "shots": 3, "layers": 2, "width": 8, "batch": 16}
    return entity_sequences(**options | changes, rng=RandomStreams(4), device=CPU)


def stack_of(task: EntitySequences, seeds: int) -> dict[str, torch.Tensor]:
    initial = [task.initial(Network(seed)) for seed in range(seeds)]
    return {name: torch.stack([each[name] for each in initial]) for name in initial[0]}


def test_all_sequences_of_distinct_entities_with_commas() -> None:
    sequences = small().sequences
    assert sequences.shape == (math.perm(5, 3), 6)
    assert sequences[:, 1::2].unique().tolist() == [5]
    shown = sequences[:, ::2].tolist()
    assert len({tuple(each) for each in shown}) == 60
    assert all(len(set(each)) == 3 and max(each) < 5 for each in shown)


def test_the_next_is_the_first_going_round_not_yet_shown() -> None:
    assert following(np.array([[3, 4, 0], [0, 1, 4], [2, 1, 0]]), 5).tolist() == [[4, 0, 1], [1, 2, 2], [3, 3, 3]]
    task = small(entities=7, shots=4)
    successor = (task.sequences[:, -2] + 1) % 7
    assert float((task.following[:, -1] == successor).double().mean()) == pytest.approx(3 / 6)  # without context


def test_the_loss_is_the_cross_entropy_of_the_next_entity_at_every_comma() -> None:
    task, networks = small(), [Network(0), Network(1), Network(0)]
    initial = stack_of(task, 2)
    stack = {name: values[[0, 1, 0]] for name, values in initial.items()}
    found = task.loss(stack, networks, 3)
    assert found[0] == found[2] != found[1]
    chosen = task.rng.at("batch", 1, 3).integers(60, size=16)
    own = {name: values[1] for name, values in stack.items()}
    scores = functional_call(task.template, own, (task.sequences[chosen],)).log_softmax(2)
    expected = [
        -float(scores[row, 2 * shot + 1, task.following[place, shot]])
        for row, place in enumerate(chosen)
        for shot in range(3)
    ]
    assert float(found[1].detach()) == pytest.approx(np.mean(expected), rel=1e-5)


def test_what_knows_the_rule_is_right_and_repeats_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    task = small()
    scores = torch.full((60, 6, 6), -50.0)
    scores[:, 1::2].scatter_(2, task.following[:, :, None], 50.0)
    monkeypatch.setattr(task, "outputs_of_all", lambda *_: torch.stack([scores, 0 * scores]))
    seen = task.observe({}, [Network(0), Network(1)], closely=False)
    assert seen["accuracy"].tolist()[0] == 1
    assert seen["repeats"].tolist() == pytest.approx([0, 3 / 6])
    assert seen["loss"].tolist() == pytest.approx([0, math.log(6)], abs=1e-6)


def test_the_streams_are_those_that_the_scores_are_made_of() -> None:
    task = small()
    stack = stack_of(task, 2)
    streams = task.residuals(stack, task.sequences)
    assert streams.shape == (2, 3, 60, 6, 8)
    assert torch.equal(streams[1, 0, :, -1], streams[1, 0, :1, -1].expand(60, -1))  # below block 1 all have a comma
    normed = torch.nn.functional.layer_norm(streams[1, -1], (8,), stack["norm.weight"][1])
    expected = task.outputs_of_all(stack, task.sequences)[1]
    torch.testing.assert_close(normed @ stack["token"][1].T, expected)
    torch.testing.assert_close(task.features(stack), streams[:, -1, :, -1])
    assert small(entities=8).features(stack_of(small(entities=8), 1)).shape == (1, 200, 8)


def test_networks_learn_the_rule_and_each_as_it_would_alone() -> None:
    networks = lay_out(Grid(seeds=2, learning_rate=(3e-3,)))
    stack = Networks(small(width=16), networks, optimiser=Adam())
    stack.step(5)
    alone = Networks(small(width=16), networks[1:], optimiser=Adam())
    alone.step(5)
    torch.testing.assert_close(stack.parameters["token"][1], alone.parameters["token"][0], rtol=1e-3, atol=1e-4)
    stack.step(195)
    seen = stack.task.observe(stack.parameters, networks, closely=False)
    assert float(seen["accuracy"].min()) > 0.9
    assert float(seen["repeats"].max()) < 0.2


def test_what_makes_no_sequences_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="shots: expected fewer than the 5 entities, got 5"):
        small(shots=5)
    with pytest.raises(ConfigurationError, match="width: expected a multiple of the 3 heads, got 8"):
        small(heads=3)
    with pytest.raises(ConfigurationError, match="shots: expected at most 1,000,000 sequences"):
        small(entities=40, shots=5)
