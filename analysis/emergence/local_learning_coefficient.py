"""The local learning coefficient: how many directions in weight space the loss cares about, halved."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.emergence.evaluated import evaluated
from analysis.measure import Measure, over_seeds, undefined
from simulator.errors import ConfigurationError

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
    from torch.func import functional_call, grad_and_value, vmap
    from torch.nn.utils import parameters_to_vector

    n = len(inputs)
    if n < 3 or len(targets) != n:
        raise ConfigurationError(f"inputs: expected as many samples as targets, 3 or more, got {n} and {len(targets)}")
    if not 0 <= burn_in < steps:
        raise ConfigurationError(f"burn_in: expected 0 … {steps - 1} for {steps} steps, got {burn_in}")
    parameters = dict(module.named_parameters())
    shapes = [parameter.shape for parameter in parameters.values()]
    at = parameters_to_vector(parameters.values()).detach()

    def loss_at(weights: Tensor) -> Tensor:
        parts = weights.split([shape.numel() for shape in shapes])
        named = {name: part.view(shape) for name, part, shape in zip(parameters, parts, shapes, strict=True)}
        return loss(functional_call(module, named, (inputs,)), targets)

    n_beta = n / math.log(n)
    slopes_and_losses = vmap(grad_and_value(loss_at))
    weights, total = at.repeat(chains, 1), torch.zeros(chains, dtype=torch.float64, device=at.device)
    with evaluated(module), torch.no_grad():
        for step in range(steps):
            slopes, losses = slopes_and_losses(weights)
            if step >= burn_in:
                total += losses
            noise = torch.as_tensor(generator.standard_normal(weights.shape)).to(weights)
            drift = n_beta * slopes + localisation * (weights - at)
            weights = weights - step_size / 2 * drift + math.sqrt(step_size) * noise
        own = float(loss_at(at))
    estimates = (n_beta * (total / (steps - burn_in) - own)).cpu().numpy()
    if not np.isfinite(estimates).all():
        return undefined(f"a chain ran away; a step below {step_size:g} needed", unit="1", estimator=ESTIMATOR, n=n)
    mean = over_seeds([Measure(float(value), "1", ESTIMATOR, n) for value in estimates])
    lower = "the chains found a lower loss, so the weights are no minimum" if mean.value < 0 else ""
    return replace(mean, estimator=f"{ESTIMATOR}, mean over chains", n=n, reason=lower)
