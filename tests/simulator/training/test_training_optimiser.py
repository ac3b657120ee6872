from __future__ import annotations

import pytest
import torch

from hubbub.simulator.training import Adam, Sgd
from hubbub.simulator.training.optimiser import StackedOptimiser

RATES = (0.1, 0.01, 0.3)


def start() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {"weight": torch.randn(3, 4, 2, generator=generator), "bias": torch.randn(3, 4, generator=generator)}


@pytest.mark.parametrize(
    ("rule", "peer"),
    [
        (Sgd(), (torch.optim.SGD, {})),
        (Sgd(momentum=0.8, weight_decay=0.1), (torch.optim.SGD, {"momentum": 0.8, "weight_decay": 0.1})),
        (Adam(), (torch.optim.AdamW, {"weight_decay": 0.0})),
        (
            Adam(betas=(0.8, 0.95), weight_decay=0.2, epsilon=1e-6),
            (torch.optim.AdamW, {"betas": (0.8, 0.95), "weight_decay": 0.2, "eps": 1e-6}),
        ),
    ],
)
def test_every_row_moves_as_with_an_optimiser_of_its_own(rule: Sgd | Adam, peer: tuple) -> None:
    stack, rows = start(), [{name: values[row].clone() for name, values in start().items()} for row in range(3)]
    optimiser = StackedOptimiser(rule, stack, RATES)
    peers = [peer[0](own.values(), lr=rate, **peer[1]) for own, rate in zip(rows, RATES, strict=True)]
    for update in range(6):
        for own, other in zip(rows, peers, strict=True):
            for values in own.values():
                values.grad = values.sin()
            other.step()
        optimiser.step(stack, {name: values.sin() for name, values in stack.items()}, slice(0, 3), updates=update)
    for name, values in stack.items():
        torch.testing.assert_close(values, torch.stack([own[name] for own in rows]))


def test_rows_that_are_left_out_stay() -> None:
    stack = start()
    optimiser = StackedOptimiser(Sgd(momentum=0.5), stack, RATES)
    part = {name: values[1:2] for name, values in stack.items()}
    optimiser.step(part, {name: torch.ones_like(values) for name, values in part.items()}, slice(1, 2), updates=0)
    assert torch.equal(stack["bias"][[0, 2]], start()["bias"][[0, 2]])
    torch.testing.assert_close(stack["bias"][1], start()["bias"][1] - 0.01)


def test_clipping_scales_each_network_by_its_own_norm() -> None:
    stack = {"weight": torch.zeros(2, 1, 2)}
    gradients = {"weight": torch.tensor([[[3.0, 4.0]], [[0.3, 0.4]]])}
    StackedOptimiser(Sgd(clip_norm=1.0), stack, (1.0, 1.0)).step(stack, gradients, slice(0, 2), updates=0)
    torch.testing.assert_close(stack["weight"], torch.tensor([[[-0.6, -0.8]], [[-0.3, -0.4]]]))


def test_the_learning_rate_warms_up() -> None:
    stack = {"bias": torch.zeros(1, 1)}
    optimiser = StackedOptimiser(Sgd(warm_up_steps=4), stack, (1.0,))
    at = []
    for update in range(6):
        optimiser.step(stack, {"bias": torch.ones(1, 1)}, slice(0, 1), updates=update)
        at.append(float(stack["bias"]))
    assert at == pytest.approx([-0.25, -0.75, -1.5, -2.5, -3.5, -4.5])
