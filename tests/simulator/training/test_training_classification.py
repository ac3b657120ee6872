from __future__ import annotations

import numpy as np
import pytest
import torch

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Grid, Network, lay_out
from hubbub.simulator.training.images import digits as digit_images
from hubbub.simulator.training.tasks.classification import classification

CPU = torch.device("cpu")


def test_every_class_is_held_out_alike_and_no_image_is_in_both_parts() -> None:
    shown = digit_images(0.2, np.random.default_rng(0))
    assert shown.pixels.shape == (1797, 1, 8, 8) and shown.n_classes == 10
    assert shown.pixels.min() == 0 and shown.pixels.max() == 1
    assert sorted([*shown.train, *shown.held_out]) == list(range(1797))
    shares = np.bincount(shown.classes[shown.held_out]) / np.bincount(shown.classes)
    assert shares == pytest.approx(0.2, abs=0.01)
    assert len(np.unique(shown.classes[shown.train[:20]])) > 5  # mixed, not sorted by class


def test_networks_of_one_seed_begin_alike_and_see_the_same_batches() -> None:
    task = classification(widths=(4,), rng=RandomStreams(1), device=CPU)
    networks = lay_out(Grid(seeds=2, learning_rate=(0.1, 0.2)))
    initial = [task.initial(network) for network in networks]
    assert torch.equal(initial[0]["dense1.weight"], initial[2]["dense1.weight"])
    assert not torch.equal(initial[0]["dense1.weight"], initial[1]["dense1.weight"])
    alike = {name: torch.stack([values] * 3) for name, values in initial[0].items()}
    losses = task.loss(alike, [networks[0], networks[2], networks[1]], 7)
    assert losses[0] == losses[1] != losses[2]
    assert losses[0] != task.loss(alike, [networks[0]] * 3, 8)[0]


def test_weights_keep_the_scale_of_what_goes_through_relu_layers() -> None:
    initial = classification(rng=RandomStreams(0), device=CPU).initial(Network(0))
    assert float(initial["dense1.weight"].std()) == pytest.approx((2 / 64) ** 0.5, rel=0.02)
    assert not initial["dense1.bias"].any()
    convolved = classification(model="convolution", widths=(8, 99), weight_scale=0.5, rng=RandomStreams(0), device=CPU)
    weights = convolved.initial(Network(0))["convolution2.weight"]
    assert float(weights.std()) == pytest.approx(0.5 * (2 / 72) ** 0.5, rel=0.03)


def test_the_probe_has_the_names_and_outputs_of_the_stack() -> None:
    task = classification(model="convolution", widths=(2, 3), rng=RandomStreams(0), device=CPU)
    module, inputs = task.probe()
    stack = {name: values[None] for name, values in task.initial(Network(0)).items()}
    module.load_state_dict({name: values[0] for name, values in stack.items()})
    torch.testing.assert_close(task.outputs_of_all(stack, inputs)[0], module(inputs))
    features = task.features(stack)
    assert features is not None
    torch.testing.assert_close(module[-1](features[0]), module(inputs))


def test_more_convolutions_than_halvings_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"at most 3 convolutions.*got 4"):
        classification(model="convolution", widths=(2, 2, 2, 2), rng=RandomStreams(0), device=CPU)
