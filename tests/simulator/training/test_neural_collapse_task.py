from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Grid, Networks, Sgd, lay_out
from hubbub.simulator.training.tasks.neural_collapse import CollapseTask, neural_collapse

CPU = torch.device("cpu")


def made(**changes: Any) -> CollapseTask:
    options: dict[str, Any] = {"widths": (6,), "weight_scales": (0.5, 1.0)}
    return neural_collapse(**options | changes, rng=RandomStreams(2), device=CPU)


def test_every_seed_has_as_many_samples_of_each_class_of_its_own() -> None:
    task = made(per_class=5)
    inputs, classes = task.samples(0)
    assert inputs.shape == (20, 20)
    assert np.bincount(classes).tolist() == [5] * 4
    assert not torch.equal(inputs, task.samples(1)[0])
    centres = inputs.view(4, 5, 20).mean(1)
    assert float((inputs.view(4, 5, 20) - centres[:, None]).std()) == pytest.approx((4 / 5) ** 0.5, rel=0.1)
    digits = made(samples="digits", per_class=3)
    inputs, classes = digits.samples(1)
    assert inputs.shape == (30, 1, 8, 8)
    assert np.bincount(classes).tolist() == [3] * 10
    assert float(inputs.mean(0).abs().max()) < 1e-5
    assert len(inputs.unique(dim=0)) == 30


def test_the_loss_is_half_the_squared_error_of_all_samples_and_scales_are_of_weights() -> None:
    task = made(samples="digits", model="convolution", widths=(2, 3), per_class=2)
    networks = lay_out(Grid(seeds=2), task.settings())
    initial = [task.initial(network) for network in networks]
    stack = {name: torch.stack([each[name] for each in initial]) for name in initial[0]}
    torch.testing.assert_close(stack["classes.weight"][0] * 2, stack["classes.weight"][2])
    losses = task.loss(stack, networks, 0)
    inputs, classes = task.samples(networks[3].seed)
    task.template.load_state_dict({name: values[3] for name, values in stack.items()})
    rest = task.template(inputs).detach() - functional.one_hot(classes, 10)
    assert float(losses[3]) == pytest.approx(float(rest.square().sum()) / 2 / 20, rel=1e-5)


def test_they_fit() -> None:
    task = made(widths=(32,), weight_scales=(0.5,))
    networks = Networks(task, lay_out(Grid(seeds=2, learning_rate=(0.05,)), task.settings()), optimiser=Sgd())
    networks.step(500)
    seen = task.observe(networks.parameters, networks.networks, closely=False)
    assert seen["train_accuracy"].tolist() == [1, 1]
    assert float(seen["train_loss"].max()) < 0.05
