"""The continuous modern Hopfield network."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np
import torch
from jaxtyping import Float, Int8
from pydantic import Field

from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.random_words import uniforms


@memory("modern-hopfield")
class ModernHopfield(Model):
    """Continuous modern Hopfield network; the noise is the standard deviation of normal numbers added to the spins.

    σ' = Σ_μ softmax(β ξ^μ·σ) ξ^μ, with energy E = −log(Σ_μ exp(β ξ^μ·σ)) / β + ½ σ·σ. A spin is on when it is above 0.

    References
    ----------
    Ramsauer et al. (2020), Hopfield networks is all you need.
    """

    noise = "standard deviations"
    noise_limit = math.inf

    def __init__(self, beta: Annotated[float, Field(gt=0)] = 1.0) -> None:
        self.beta = beta

    def initial(self, start: Int8[np.ndarray, "C D"]) -> Float[np.ndarray, "C D"]:
        """Return the same spins as float64."""
        return start.astype(np.float64)

    def plain_step(self, state: Float[torch.Tensor, "C D"], step: int) -> Float[torch.Tensor, "C D"]:
        """Return the states after a step; the normal numbers by the method of Box & Muller (1958)."""
        new = torch.empty_like(state)
        for copy, (repetition, load) in enumerate(zip(self.copies.repetition, self.copies.load, strict=True)):
            patterns = self.stored(repetition, load)  # copy by copy: the last bits of a product depend on the batch
            new[copy] = torch.softmax(self.beta * (patterns @ state[copy]), dim=0) @ patterns
        radius, angle = uniforms(self.noise_keys, step, 2 * self.copies.n_spins).chunk(2, dim=1)
        normal = torch.sqrt(-2 * torch.log1p(-radius)) * torch.cos(2 * math.pi * angle)
        return new + torch.from_numpy(self.copies.noise).to(state.device)[:, None] * normal

    def energy(self, state: Float[torch.Tensor, "C D"]) -> Float[torch.Tensor, " C"]:
        """Return −log(Σ_μ exp(β ξ^μ·σ)) / β + ½ σ·σ, `[C]`."""
        energy = (state**2).sum(dim=1).cpu() / 2
        for copies, overlaps in self.overlaps(state):
            energy[copies] -= torch.logsumexp(self.beta * overlaps, dim=1).cpu() / self.beta
        return energy
