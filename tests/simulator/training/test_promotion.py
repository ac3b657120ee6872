from __future__ import annotations

import torch

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import ModuleTask, Network
from hubbub.simulator.training.models import dense_network
from hubbub.simulator.training.promotion import promote


def test_layers_are_scaled_by_powers_counted_from_the_middle() -> None:
    alphas = torch.tensor([2.0, 1.0], dtype=torch.float64)
    for n_layers, factors in ((2, [0.5, 2]), (3, [0.5, 1, 2]), (4, [0.25, 0.5, 2, 4])):
        weights = {str(layer): torch.ones(2, 1, 1) for layer in range(n_layers)} | {"bias": torch.ones(2, 1)}
        promote(weights, alphas)
        assert [float(weights[str(layer)][0]) for layer in range(n_layers)] == factors
        assert all((values[1] == 1).all() for values in weights.values())
        assert (weights["bias"] == 1).all()


def test_a_network_without_biases_keeps_its_outputs() -> None:
    class Plain(ModuleTask):
        loss = observe = None  # type: ignore[assignment]

    Plain.__abstractmethods__ = frozenset()
    task = Plain(dense_network(3, (5, 4, 4), 2), rng=RandomStreams(0), device=torch.device("cpu"))
    stack = {name: torch.stack([values] * 3) for name, values in task.initial(Network(0)).items()}
    promote(stack, torch.tensor([1.0, 1.5, 0.7], dtype=torch.float64))
    outputs = task.outputs_of_all(stack, torch.rand(6, 1, 3, 3))
    torch.testing.assert_close(outputs[1], outputs[0])
    torch.testing.assert_close(outputs[2], outputs[0])
