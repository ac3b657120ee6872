import numpy as np
import pytest
import torch
from torch import Tensor, nn

from hubbub.analysis.emergence import local_learning_coefficient, local_learning_coefficients
from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError

N = 500


def half_squared_error(outputs: Tensor, targets: Tensor) -> Tensor:
    return 0.5 * ((outputs - targets) ** 2).mean()


class Product(nn.Module):
    """y = a b x: two weights, but a regular model of one slope, so λ = 1/2 where a b ≠ 0."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.tensor([1.0, 1.0], dtype=torch.float64))

    def forward(self, inputs: Tensor) -> Tensor:
        return self.weights.prod() * inputs


def estimate(module: nn.Module, inputs: Tensor, targets: Tensor, **options) -> Measure:
    settings = {"chains": 16, "steps": 500, "burn_in": 150, "step_size": 5e-4, **options}
    return local_learning_coefficient(
        module, half_squared_error, inputs, targets, generator=np.random.default_rng(0), **settings
    )


def test_a_regular_model_counts_half_its_weights() -> None:
    rng = np.random.default_rng(0)
    inputs = torch.as_tensor(rng.standard_normal((N, 6)))
    network = nn.Linear(6, 1, bias=False).double()
    targets = inputs @ torch.ones(6, 1).double() + torch.as_tensor(rng.standard_normal((N, 1)))
    with torch.no_grad():
        network.weight[:] = torch.linalg.lstsq(inputs, targets).solution.T
    before = network.weight.detach().clone()
    found = estimate(network, inputs, targets)
    assert found.value == pytest.approx(3, abs=0.35)
    assert found.interval is not None
    assert found.interval[0] < 3 < found.interval[1]
    assert (len(found.each), found.n, found.reason) == (16, N, "")
    assert torch.equal(network.weight, before)


def test_a_flat_direction_counts_nothing() -> None:
    inputs = torch.as_tensor(np.random.default_rng(1).standard_normal((N, 1)))
    targets = inputs + torch.as_tensor(np.random.default_rng(2).standard_normal((N, 1)))
    slope = float((inputs * targets).sum() / (inputs**2).sum())
    network = Product()
    with torch.no_grad():
        network.weights[0] = slope
    assert estimate(network, inputs, targets, localisation=10.0).value == pytest.approx(0.5, abs=0.12)


def test_weights_that_are_no_minimum_and_steps_that_are_too_long() -> None:
    inputs = torch.ones(N, 1).double()
    network = Product()
    away = estimate(network, inputs, 9 * inputs, steps=60, burn_in=20)
    assert away.value < 0
    assert away.reason == "the chains found a lower loss, so the weights are not a minimum"
    wild = estimate(network, inputs, inputs, step_size=10.0)
    assert np.isnan(wild.value)
    assert wild.reason == "a chain diverged; a step size below 10 needed"


def test_a_stack_counts_the_directions_of_each_network() -> None:
    curvatures = torch.tensor([[1.0, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1]], dtype=torch.float64)
    at = {"weights": torch.ones(3, 6, dtype=torch.float64)}
    found = local_learning_coefficients(
        lambda of: (curvatures * (of["weights"] - 1) ** 2).sum(dim=1) / 2,
        at,
        n=N,
        generator=np.random.default_rng(0),
        chains=16,
        steps=500,
        burn_in=150,
        step_size=5e-4,
    )
    assert [each.value for each in found] == pytest.approx([3, 1.5, 0.5], abs=0.25)
    assert torch.equal(at["weights"], torch.ones(3, 6, dtype=torch.float64))


def test_bad_input_to_the_learning_coefficient() -> None:
    inputs = torch.ones(4, 1).double()
    with pytest.raises(ConfigurationError, match="as many samples as targets, got 4 and 3"):
        estimate(Product(), inputs, inputs[:3])
    with pytest.raises(ConfigurationError, match="n: expected 3 samples or more, got 2"):
        estimate(Product(), inputs[:2], inputs[:2])
    with pytest.raises(ConfigurationError, match="burn_in: expected 0 … 99 for 100 steps, got 100"):
        estimate(Product(), inputs, inputs, steps=100, burn_in=100)
