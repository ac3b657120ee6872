"""Gradient descent over a stack of networks, each with its own learning rate."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from hubbub.simulator.training.catalogue import Parameters
from hubbub.simulator.training.settings import Adam, Optimiser


class StackedOptimiser:
    """SGD or Adam on parameters `[S, …]`; each row is optimised by itself.

    Attributes
    ----------
    moments
        Momentum, or first and second moments, by kind and by name of the parameter, `[S, …]`.
    """

    def __init__(self, rule: Optimiser, parameters: Parameters, learning_rates: Sequence[float]) -> None:
        self.rule = rule
        some = next(iter(parameters.values()))
        self.rates = torch.tensor(learning_rates, dtype=some.dtype, device=some.device)
        kinds = ("first_moment", "second_moment") if isinstance(rule, Adam) else ("momentum",) if rule.momentum else ()
        self.moments = {kind: {name: torch.zeros_like(values) for name, values in parameters.items()} for kind in kinds}

    @torch.no_grad()
    def step(self, parameters: Parameters, gradients: Parameters, rows: slice, *, updates: int) -> None:
        """Update the parameters `[s, …]` of `rows` by their gradients `[s, …]`; `updates` were made before."""
        rule = self.rule
        if rule.clip_norm is not None:
            _clip(gradients, rule.clip_norm)
        warm_up = min(1.0, (updates + 1) / rule.warm_up_steps) if rule.warm_up_steps else 1.0
        rates = self.rates[rows] * warm_up
        for name, values in parameters.items():
            gradient, rate = gradients[name], _broadcast(rates, values)
            moments = [of[name][rows] for of in self.moments.values()]
            if isinstance(rule, Adam):
                first, second = moments
                if rule.weight_decay:
                    values.mul_(1 - rate * rule.weight_decay)
                first.lerp_(gradient, 1 - rule.betas[0])
                second.mul_(rule.betas[1]).addcmul_(gradient, gradient, value=1 - rule.betas[1])
                correction1, correction2 = (1 - beta ** (updates + 1) for beta in rule.betas)
                scale = (second / correction2).sqrt_().add_(rule.epsilon)
                values.addcmul_(first / scale, rate, value=-1 / correction1)
                continue
            if rule.weight_decay:
                gradient.add_(values, alpha=rule.weight_decay)
            if moments:
                gradient = moments[0].mul_(rule.momentum).add_(gradient)
            values.addcmul_(gradient, rate, value=-1)

    def reset(self) -> None:
        """Set all moments to 0."""
        for moments in self.moments.values():
            for moment in moments.values():
                moment.zero_()


def _broadcast(rates: Tensor, values: Tensor) -> Tensor:
    return rates.view(-1, *[1] * (values.ndim - 1))


def _clip(gradients: Parameters, norm: float) -> None:
    """Scale the gradient of every network down to `norm`, where its norm is larger."""
    squares = sum(gradient.flatten(1).square().sum(dim=1) for gradient in gradients.values())
    factor = (norm / (torch.as_tensor(squares).sqrt() + 1e-6)).clamp(max=1.0)
    for gradient in gradients.values():
        gradient.mul_(_broadcast(factor, gradient))
