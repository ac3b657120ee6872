from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from hubbub.analysis.shape_bias import shape_bias
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Adam, Grid, Networks, lay_out
from hubbub.simulator.training.tasks.shapes_and_textures import ShapesAndTextures, shapes_and_textures
from hubbub.simulator.training.top_k import TopK

CPU = torch.device("cpu")


def small(**changes: Any) -> ShapesAndTextures:
    options: dict[str, Any] = {"shares": (1.0, 0.25), "channels": (3, 4), "pictures": 40, "conflicts": 24, "batch": 8}
    return shapes_and_textures(**options | changes, rng=RandomStreams(4), device=CPU)


def stacked(task: ShapesAndTextures, seeds: int = 2) -> Networks:
    grid = Grid(seeds=seeds, learning_rate=(0.003,))
    return Networks(task, lay_out(grid, task.settings()), optimiser=Adam(weight_decay=0.5))


def test_training_pictures_agree_and_conflicts_are_of_all_pairs_alike() -> None:
    task = small()
    pictures, shapes, textures = task.congruent(0)
    assert pictures.shape == (40, 1, 32, 32)
    assert torch.equal(shapes, textures)
    assert np.bincount(shapes).tolist() == [10] * 4
    _, shapes, textures = task.conflicting(0)
    pairs = np.zeros((4, 4), dtype=int)
    np.add.at(pairs, (shapes, textures), 1)
    assert pairs.tolist() == (2 * (1 - np.eye(4, dtype=int))).tolist()
    assert not torch.equal(pictures, task.congruent(1)[0])
    assert not torch.equal(pictures, task.held_out(0)[0][:40])


def test_networks_of_a_seed_begin_alike_and_keep_their_share() -> None:
    task = small()
    initial = stacked(task).parameters
    assert initial["top_k1.kept"].tolist() == [256, 256, 64, 64]
    assert initial["top_k2.kept"].tolist() == [64, 64, 16, 16]
    for name, values in initial.items():
        if not name.endswith("kept"):
            assert torch.equal(values[:2], values[2:])
    features = task.features(initial)
    assert features.shape == (4, 100, 4 * 64)
    active = torch.count_nonzero(features.unflatten(2, (4, 64)), dim=3)
    assert active[:2].max() > 16 >= active[2:].max()


def test_the_loss_is_that_of_the_network_of_its_share_on_the_batch_of_its_seed() -> None:
    task = small()
    stack = stacked(task)
    losses = task.loss(stack.parameters, stack.networks, 7).detach()
    dense = nn.Sequential(*(layer for layer in task.template if not isinstance(layer, TopK)))
    for row, network in enumerate(stack.networks):
        task.template.load_state_dict({name: values[row] for name, values in stack.parameters.items()})
        pictures, classes, _ = task.congruent(network.seed)
        chosen = torch.from_numpy(RandomStreams(4).at("batch", network.seed, 7).integers(40, size=8))
        alone = dense if network.of_task["share"] == 1 else task.template
        expected = functional.cross_entropy(alone(pictures[chosen]), classes[chosen]).detach()
        torch.testing.assert_close(losses[row], expected, rtol=1e-5, atol=1e-6)
    assert losses[0] != losses[2]


def test_they_learn_what_agrees_and_what_they_keep_is_not_trained() -> None:
    task = small(pictures=200, channels=(4, 6))
    stack = stacked(task)
    initial = {name: values.clone() for name, values in stack.parameters.items()}
    stack.step(100)
    for name, values in stack.parameters.items():
        assert torch.equal(values, initial[name]) == name.endswith("kept"), name
    assert not any(name.endswith("kept") for of in stack.optimiser.moments.values() for name in of)
    with torch.no_grad():
        seen = task.observe(stack.parameters, stack.networks, closely=False)
    assert float(seen["accuracy"].min()) > 0.7
    assert float(seen["loss"].max()) < 1


def test_what_is_seen_is_the_shape_bias_of_the_names_that_are_given() -> None:
    task = small()
    stack = stacked(task)
    with torch.no_grad():
        seen = task.observe(stack.parameters, stack.networks, closely=False)
    for row, network in enumerate(stack.networks):
        own = {name: values[row : row + 1].detach() for name, values in stack.parameters.items()}
        asked = [
            torch.cat(pair) for pair in zip(task.held_out(network.seed), task.conflicting(network.seed), strict=True)
        ]
        named = task.outputs_of_all(own, asked[0])[0].argmax(1)
        found = shape_bias(named.numpy(), asked[1].numpy(), asked[2].numpy(), n_classes=4)
        told = {"shape_bias": found.value, "shape_fraction": found.shape_fraction, "accuracy": found.accuracy}
        told["texture_fraction"] = found.texture_fraction
        assert {name: float(seen[name][row]) for name in told} == pytest.approx(told)
