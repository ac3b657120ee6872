"""The local learning coefficient: half the effective number of parameters around a minimum of the loss."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from jaxtyping import Float, Real, Shaped

from hubbub.analysis.emergence.evaluation_mode import evaluation_mode
from hubbub.analysis.measure import Measure, over_seeds, undefined
from hubbub.analysis.validation import AT_LEAST_1, NOT_NEGATIVE, POSITIVE, validated
from hubbub.simulator.errors import ConfigurationError

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    Parameters: TypeAlias = Mapping[str, Float[torch.Tensor, "S ..."]]
    StackedLoss: TypeAlias = Callable[[Parameters], Float[torch.Tensor, " S"]]

ESTIMATOR = "stochastic gradient Langevin dynamics"


@validated(chains=AT_LEAST_1, step_size=POSITIVE, localisation=NOT_NEGATIVE)
def local_learning_coefficient(
    module: nn.Module,
    loss: Callable[[Float[torch.Tensor, "n ..."], Shaped[torch.Tensor, "n ..."]], Float[torch.Tensor, ""]],
    inputs: Real[torch.Tensor, "n ..."],
    targets: Shaped[torch.Tensor, "n ..."],
    *,
    generator: np.random.Generator,
    chains: int = 8,
    steps: int = 1000,
    burn_in: int = 500,
    step_size: float = 1e-4,
    localisation: float = 1.0,
) -> Measure:
    """Return the estimate λ̂ = n β (E[L(w)] − L(w*)) around the weights w* of a network, β = 1 / ln n (Lau et al. 2023).

    A regular model with d parameters has λ = d / 2; λ is smaller where the loss is flat in some directions. The
    expectation is over Langevin dynamics w ← w − ε/2 (n β ∇L + γ (w − w*)) + √ε N(0, 1). All chains run as one stack.

    Parameters
    ----------
    module, loss, inputs, targets
        The network at a minimum of `loss(outputs, targets)`, which is a mean over the n samples `[n, …]`. λ is the
        learning coefficient only if the loss is a negative log-likelihood in nats: cross-entropy, or half the squared
        error for noise of variance 1.
    generator
        Draws the noise.
    chains, steps, burn_in
        Number of chains, steps of each, and how many of the first steps are left out of the mean.
    step_size, localisation
        ε and γ. The step has to be small for the direction of largest curvature: ε n β times that curvature well below
        1. Directions whose curvature is not well above γ / n β are counted only in part.

    Returns
    -------
    Measure
        Mean over chains, with its 95 % interval; `each` holds every chain. NaN with the reason where a chain diverged.
        `reason` is a warning where the chains found a lower loss than at w*, which is then not a minimum.

    Raises
    ------
    ConfigurationError
        Numbers of inputs and targets that differ, fewer than 3 samples, or a burn-in that is not 0 … steps − 1.

    Notes
    -----
    Every step uses all samples: O(chains · steps) gradients.
    """
    import torch
    from torch.func import functional_call

    n = len(inputs)
    if len(targets) != n:
        raise ConfigurationError(f"inputs: expected as many samples as targets, got {n} and {len(targets)}")

    def loss_of(weights: Parameters) -> Tensor:
        return torch.vmap(lambda of: loss(functional_call(module, of, (inputs,)), targets))(dict(weights))

    at = {name: weights.detach().expand(chains, *weights.shape) for name, weights in module.named_parameters()}
    with evaluation_mode(module):
        estimates = _estimates(
            loss_of, at, n, generator, steps=steps, burn_in=burn_in, step_size=step_size, localisation=localisation
        )
    return _over_chains(estimates, n, step_size)


@validated(chains=AT_LEAST_1, step_size=POSITIVE, localisation=NOT_NEGATIVE)
def local_learning_coefficients(
    loss: StackedLoss,
    at: Parameters,
    *,
    n: int,
    generator: np.random.Generator,
    chains: int = 8,
    steps: int = 1000,
    burn_in: int = 500,
    step_size: float = 1e-4,
    localisation: float = 1.0,
) -> tuple[Measure, ...]:
    """Return λ̂ of each of S networks (Lau et al. 2023); all networks run as one stack, the chains one after another.

    Parameters
    ----------
    loss
        Function of parameters `[S, …]` by name that returns losses `[S]`. Each is a mean over n samples and depends on
        its own network only.
    at
        The parameters w* of the networks by name, `[S, …]`.
    n
        Number of samples.
    generator, chains, steps, burn_in, step_size, localisation
        As in `local_learning_coefficient`; errors as there. Networks get different random numbers.
    """
    estimates = [
        _estimates(loss, at, n, generator, steps=steps, burn_in=burn_in, step_size=step_size, localisation=localisation)
        for _ in range(chains)
    ]
    return tuple(_over_chains(of_one, n, step_size) for of_one in np.stack(estimates, axis=1))


def _estimates(
    loss: StackedLoss,
    at: Parameters,
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
        at_minimum = loss(at).double()
    total = torch.zeros_like(at_minimum)
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
    excess: np.ndarray = (n_beta * (total / (steps - burn_in) - at_minimum)).cpu().numpy()
    return excess


def _over_chains(estimates: np.ndarray, n: int, step_size: float) -> Measure:
    if not np.isfinite(estimates).all():
        return undefined(
            f"a chain diverged; a step size below {step_size:g} needed", unit="1", estimator=ESTIMATOR, n=n
        )
    mean = over_seeds([Measure(float(value), "1", ESTIMATOR, n) for value in estimates])
    warning = "the chains found a lower loss, so the weights are not a minimum" if mean.value < 0 else ""
    return replace(mean, estimator=f"{ESTIMATOR}, mean over chains", n=n, reason=warning)
