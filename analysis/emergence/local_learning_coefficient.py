"""The local learning coefficient: how many directions in weight space the loss cares about, halved."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.emergence.evaluated import evaluated
from hubbub.analysis.measure import Measure, over_seeds, undefined
from hubbub.simulator.errors import ConfigurationError

if TYPE_CHECKING:
    from torch import Tensor, nn

ESTIMATOR = "stochastic gradient Langevin dynamics"


def local_learning_coefficient(
    module: nn.Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    inputs: Tensor,
    targets: Tensor,
    *,
    generator: np.random.Generator,
    chains: int = 8,
    steps: int = 1000,
    burn_in: int = 500,
    step_size: float = 1e-4,
    localisation: float = 1.0,
) -> Measure:
    """Return λ̂ = n β (E[L(w)] − L(w*)) around the weights w* of a network, with β = 1 / ln n (Lau et al. 2023).

    A regular model with d weights has λ = d / 2; less where the loss is flat in some directions to higher order. The
    expectation is over Langevin dynamics w ← w − ε/2 (n β ∇L + γ (w − w*)) + √ε N(0, 1), all chains as one stack.

    Parameters
    ----------
    module, loss, inputs, targets
        The network at a minimum of `loss(outputs, targets)`, a mean over the n samples `[n, …]`. For λ to be the
        learning coefficient the loss has to be a negative log-likelihood in nats (cross entropy; half the squared
        error, for noise of variance 1).
    generator
        Draws the noise.
    chains, steps, burn_in
        Chains, the steps of each, and how many of the first are left out.
    step_size, localisation
        ε and γ. A step must be short beside the sharpest direction: ε n β times the largest curvature well below 1.
        Directions whose curvature is not well above γ / n β are counted short.

    The mean over chains, each in `each`, with its 95 % interval. NaN with the reason where a chain ran away; `reason`
    warns where the chains found a lower loss than at w*, which then is no minimum. All samples in every step:
    O(chains · steps) gradients.
    """
    import torch
    from torch.func import functional_call

    n = len(inputs)
    if len(targets) != n:
        raise ConfigurationError(f"inputs: expected as many samples as targets, got {n} and {len(targets)}")

    def loss_of(weights: Mapping[str, Tensor]) -> Tensor:
        return torch.vmap(lambda of: loss(functional_call(module, of, (inputs,)), targets))(dict(weights))

    at = {name: weights.detach().expand(chains, *weights.shape) for name, weights in module.named_parameters()}
    with evaluated(module):
        estimates = _estimates(
            loss_of, at, n, generator, steps=steps, burn_in=burn_in, step_size=step_size, localisation=localisation
        )
    return _over_chains(estimates, n, step_size)


def local_learning_coefficients(
    loss: Callable[[Mapping[str, Tensor]], Tensor],
    at: Mapping[str, Tensor],
    *,
    n: int,
    generator: np.random.Generator,
    chains: int = 8,
    steps: int = 1000,
    burn_in: int = 500,
    step_size: float = 1e-4,
    localisation: float = 1.0,
) -> tuple[Measure, ...]:
    """Return λ̂ of each of S networks, which go through a chain side by side and through the chains one by one.

    Parameters
    ----------
    loss, at, n
        The losses `[S]` of parameters `[S, …]` by name, each a mean over n samples and of its own network only; the
        parameters w* of the networks.
    generator, chains, steps, burn_in, step_size, localisation
        As in `local_learning_coefficient`.
    """
    estimates = [
        _estimates(loss, at, n, generator, steps=steps, burn_in=burn_in, step_size=step_size, localisation=localisation)
        for _ in range(chains)
    ]
    return tuple(_over_chains(of_one, n, step_size) for of_one in np.stack(estimates, axis=1))


def _estimates(
    loss: Callable[[Mapping[str, Tensor]], Tensor],
    at: Mapping[str, Tensor],
    n: int,
    generator: np.random.Generator,
    *,
    steps: int,
    burn_in: int,
    step_size: float,
    localisation: float,
) -> np.ndarray:
    """Return λ̂ `[S]` of one chain around each of the parameters `[S, …]`."""
    import torch

    if n < 3:
        raise ConfigurationError(f"n: expected 3 samples or more, got {n}")
    if not 0 <= burn_in < steps:
        raise ConfigurationError(f"burn_in: expected 0 … {steps - 1} for {steps} steps, got {burn_in}")
    n_beta = n / math.log(n)
    weights = {name: values.detach().clone().requires_grad_() for name, values in at.items()}
    with torch.no_grad():
        own = loss(at).double()
    total = torch.zeros_like(own)
    for step in range(steps):
        losses = loss(weights)
        slopes = torch.autograd.grad(losses.sum(), list(weights.values()), materialize_grads=True)
        if step >= burn_in:
            total += losses.detach()
        with torch.no_grad():
            for (name, values), slope in zip(weights.items(), slopes, strict=True):
                noise = torch.as_tensor(generator.standard_normal(values.shape)).to(values)
                drift = n_beta * slope + localisation * (values - at[name])
                values.sub_(drift, alpha=step_size / 2).add_(noise, alpha=math.sqrt(step_size))
    excess: np.ndarray = (n_beta * (total / (steps - burn_in) - own)).cpu().numpy()
    return excess


def _over_chains(estimates: np.ndarray, n: int, step_size: float) -> Measure:
    if not np.isfinite(estimates).all():
        return undefined(f"a chain ran away; a step below {step_size:g} needed", unit="1", estimator=ESTIMATOR, n=n)
    mean = over_seeds([Measure(float(value), "1", ESTIMATOR, n) for value in estimates])
    lower = "the chains found a lower loss, so the weights are no minimum" if mean.value < 0 else ""
    return replace(mean, estimator=f"{ESTIMATOR}, mean over chains", n=n, reason=lower)
