from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from hubbub.simulator.engine import State
from hubbub.simulator.errors import ConfigurationError, StoreError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Adam, Grid, ModuleTask, Network, Networks, Pruning, Sgd, lay_out
from hubbub.simulator.training.catalogue import Parameters
from hubbub.simulator.training.images import Images
from hubbub.simulator.training.models import convolution_network, dense_network
from hubbub.simulator.training.tasks.classification import Classification

CPU = torch.device("cpu")


def some_images(n: int = 60, side: int = 4) -> Images:
    generator = np.random.default_rng(1)
    classes = np.arange(n) % 3
    pixels = generator.random((n, 1, side, side), dtype=np.float32) / 2
    pixels[np.arange(n), 0, classes, classes] += 1
    return Images(pixels, classes, np.arange(0, n, 2), np.arange(1, n, 2))


def small(kind: str = "dense", batch: int = 8) -> Classification:
    shown = some_images()
    template = dense_network(4, (6, 5), 3) if kind == "dense" else convolution_network(4, (2, 3), 3)
    return Classification(template, shown, batch=batch, rng=RandomStreams(3), device=CPU)


def same(one: State, other: State) -> bool:
    return one.values == other.values and all(
        torch.equal(values, other.tensors[name]) for name, values in one.tensors.items()
    )


@pytest.mark.parametrize("kind", ["dense", "convolution"])
def test_a_stack_does_what_torch_does_with_each_network_alone(kind: str) -> None:
    task = small(kind)
    networks = lay_out(Grid(seeds=2, learning_rate=(0.1, 0.3)))
    stack = Networks(task, networks, optimiser=Sgd(momentum=0.9, weight_decay=0.01), block=3)
    stack.step(20)
    for row, network in enumerate(networks):
        module = small(kind).template
        module.load_state_dict(task.initial(network))
        rule = torch.optim.SGD(module.parameters(), lr=network.learning_rate, momentum=0.9, weight_decay=0.01)
        for step in range(20):
            drawn = RandomStreams(3).at("batch", network.seed, step).integers(len(task.train), size=8)
            members = task.train[torch.from_numpy(drawn)]
            rule.zero_grad()
            nn.functional.cross_entropy(module(task.pixels[members]), task.classes[members]).backward()
            rule.step()
        for name, own in module.named_parameters():
            torch.testing.assert_close(stack.parameters[name][row], own.detach(), rtol=1e-4, atol=1e-5)


def test_networks_do_not_depend_on_those_beside_them() -> None:
    grid = Grid(seeds=3, learning_rate=(0.1, 3.0), pruning=(0.0, 0.5), alpha=(1.0, 1.5))
    networks = lay_out(grid)
    pruning = Pruning(steps=(4, 8), rewind_step=2)
    whole = Networks(small(), networks, optimiser=Adam(), pruning=pruning, block=5)
    whole.step(12)
    for rows in ([17], [3, 20, 8]):
        some = Networks(small(), [networks[row] for row in rows], optimiser=Adam(), pruning=pruning)
        some.step(12)
        for name, values in some.parameters.items():
            torch.testing.assert_close(values, whole.parameters[name][rows], rtol=1e-4, atol=1e-5)


def test_a_network_that_diverges_leaves_the_others_alone() -> None:
    networks = [Network(0, learning_rate=0.1), Network(1, learning_rate=1e30)]
    both = Networks(small(), networks, optimiser=Sgd())
    both.step(10)
    alone = Networks(small(), networks[:1], optimiser=Sgd())
    alone.step(10)
    assert not both.parameters["classes.weight"][1].isfinite().all()
    torch.testing.assert_close(both.parameters["classes.weight"][0], alone.parameters["classes.weight"][0])


@pytest.mark.parametrize("stop", [1, 3, 5, 6, 11])
def test_a_resume_goes_on_bit_for_bit(stop: int) -> None:
    def made() -> Networks:
        return Networks(
            small(),
            lay_out(Grid(seeds=2, pruning=(0.0, 0.5))),
            optimiser=Sgd(momentum=0.9, warm_up_steps=4),
            pruning=Pruning(steps=(5, 10), rewind_step=3),
            block=3,
        )

    whole, first, second = made(), made(), made()
    whole.step(13)
    first.step(stop)
    state = first.state()
    second.load(State({name: values.clone() for name, values in state.tensors.items()}, state.values))
    second.step(13 - stop)
    assert second.now == 13
    assert same(whole.state(), second.state())


def test_observing_changes_nothing() -> None:
    observed, alone = (Networks(small(), lay_out(Grid(seeds=2)), optimiser=Sgd()) for _ in range(2))
    for _ in range(3):
        observed.observe(closely=True)
        observed.step(2)
    alone.step(6)
    assert same(observed.state(), alone.state())


def test_an_observation_has_a_row_for_every_network_and_metric() -> None:
    networks = Networks(small(), lay_out(Grid(seeds=3)), optimiser=Sgd(), block=2)
    seen = networks.observe(closely=False)
    names = {row["name"] for row in seen.metrics}
    assert names == {"accuracy", "loss", "train_accuracy", "train_loss"}
    assert [row["network"] for row in seen.metrics if row["name"] == "loss"] == [0, 1, 2]
    task = small()
    held_out = task.held_out
    outputs = task.outputs_of_all(networks.parameters, task.pixels[held_out])
    right = (outputs[1].argmax(1) == task.classes[held_out]).double().mean()
    [own] = [row["value"] for row in seen.metrics if row["name"] == "accuracy" and row["network"] == 1]
    assert own == pytest.approx(float(right))


def test_networks_learn() -> None:
    networks = Networks(small(batch=16), lay_out(Grid(seeds=3)), optimiser=Adam(weight_decay=0.0))
    networks.step(300)
    accuracies = [row["value"] for row in networks.observe(closely=False).metrics if row["name"] == "accuracy"]
    assert min(accuracies) > 0.9


def test_pruning_takes_its_share_in_rounds_and_the_weights_stay_away() -> None:
    grid = Grid(seeds=1, pruning=(0.0, 0.75))
    networks = Networks(small(), lay_out(grid), optimiser=Sgd(momentum=0.9), pruning=Pruning(steps=(4, 8)))
    n_weights = 16 * 6 + 6 * 5 + 5 * 3
    for n, gone in ((3, 0.0), (1, 0.5), (3, 0.5), (1, 0.75), (5, 0.75)):
        networks.step(n)
        zeros = sum((networks.parameters[name] == 0).flatten(1).sum(1) for name in networks.masks)
        assert zeros.tolist() == [0, int(gone * n_weights + 0.5)]


def test_rewinding_takes_the_kept_weights_back() -> None:
    networks = Networks(
        small(),
        lay_out(Grid(seeds=1, pruning=(0.0, 0.5))),
        optimiser=Sgd(momentum=0.9),
        pruning=Pruning(steps=(7,), rewind_step=3),
    )
    networks.step(3)
    before = {name: values.clone() for name, values in networks.parameters.items()}
    networks.step(4)
    for name, values in networks.parameters.items():
        torch.testing.assert_close(values, before[name] * networks.masks.get(name, 1), rtol=0, atol=0)
    assert not any(moment.any() for moment in networks.optimiser.moments["momentum"].values())


def test_pruning_at_initialisation_is_there_before_the_first_step() -> None:
    networks = Networks(small(), lay_out(Grid(seeds=2, pruning=(0.5,))), optimiser=Sgd())
    zeros = sum((networks.parameters[name] == 0).flatten(1).sum(1) for name in networks.masks)
    assert zeros.tolist() == [71, 71]


def test_norms_begin_as_they_are_and_biases_at_zero() -> None:
    class Normed(Uneven):
        initial = ModuleTask.initial

    task = Normed()
    task.template = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4))
    initial = task.initial(Network(0))
    assert initial["1.weight"].tolist() == [1, 1, 1, 1]
    assert not initial["0.bias"].any() and not initial["1.bias"].any()
    assert initial["0.weight"].any()


class Uneven(ModuleTask):
    """Networks whose width is a setting."""

    def __init__(self) -> None:
        super().__init__(nn.Linear(2, 2), rng=RandomStreams(0), device=CPU)

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        return [{"width": 2}, {"width": 3}]

    def initial(self, network: Network) -> dict[str, Tensor]:
        return {"weight": torch.zeros(int(network.of_task["width"]), 2)}

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        raise NotImplementedError

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        raise NotImplementedError


def test_networks_of_another_shape_are_refused_by_name() -> None:
    task = Uneven()
    with pytest.raises(ConfigurationError, match=r"got weight of \(3, 2\) in network 1 and of \(2, 2\) in network 0"):
        Networks(task, lay_out(Grid(seeds=1), task.settings()), optimiser=Sgd())


class Vector(Uneven):
    """Networks of a single vector."""

    def initial(self, network: Network) -> dict[str, Tensor]:
        return {"vector": torch.zeros(3)}


def test_pruning_of_networks_without_weights_is_refused() -> None:
    Networks(Vector(), lay_out(Grid(seeds=1, alpha=(2.0,))), optimiser=Sgd())
    with pytest.raises(ConfigurationError, match="expected 0 for a task whose networks have no weights"):
        Networks(Vector(), lay_out(Grid(seeds=1, pruning=(0.5,))), optimiser=Sgd())


def test_a_state_of_other_networks_is_refused() -> None:
    one = Networks(small(), lay_out(Grid(seeds=2)), optimiser=Sgd())
    other = Networks(small(), lay_out(Grid(seeds=3)), optimiser=Sgd())
    with pytest.raises(StoreError, match=r"dense1.weight of shape \(3, 6, 16\), got \(2, 6, 16\)"):
        other.load(one.state())
    with pytest.raises(StoreError, match=r"momentum.dense1.weight of shape .* got nothing"):
        Networks(small(), lay_out(Grid(seeds=2)), optimiser=Sgd(momentum=0.5)).load(one.state())
