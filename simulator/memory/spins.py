"""Memories of two-state spins: their synchronous and asynchronous steps in torch."""

from __future__ import annotations

from abc import abstractmethod
from typing import Literal, TypeAlias

import numpy as np
import torch
from jaxtyping import Float, Shaped

from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.random_words import bernoulli, chance_bits, orders

Update: TypeAlias = Literal["synchronous", "asynchronous"]


class SpinModel(Model):
    """Spins σ ∈ {−1, +1}^D that follow their fields and are flipped with a chance p.

    In a synchronous step all spins follow the fields of the state before, then each is flipped with chance p. In an
    asynchronous step they are updated one after the other, in a random order that is drawn for each step: a spin
    follows its present field and is flipped with chance p before the next one is updated. A spin whose field is 0
    keeps its value.
    """

    def __init__(self, update: Update) -> None:
        self.update = update

    def store(self, copies: Copies, device: torch.device) -> None:
        """Store what the copies store."""
        super().store(copies, device)
        self.noise_bits = chance_bits(copies.noise)

    @abstractmethod
    def fields(self, spins: Float[torch.Tensor, "C D"]) -> Float[torch.Tensor, "C D"]:
        """Return a number with the sign of each spin's field, exactly 0 where it is 0, `[C, D]` float64."""

    def draws(self, step: int) -> Shaped[torch.Tensor, "C D"]:
        """Return the random draw for each spin in a step, `[C, D]`: whether it is flipped."""
        noise_bits = torch.from_numpy(self.noise_bits.view(np.int64)).to(self.noise_keys.device)
        return bernoulli(self.noise_keys, step, noise_bits, self.copies.n_spins)

    def follow(
        self,
        spins: Float[torch.Tensor, "C D"],
        fields: Float[torch.Tensor, "C D"],
        draws: Shaped[torch.Tensor, "C D"],
    ) -> Float[torch.Tensor, "C D"]:
        """Return the spins after their fields and their draws, `[C, D]`."""
        aligned = torch.where(fields == 0, spins, fields.sign())
        return torch.where(draws, -aligned, aligned)

    def plain_step(self, state: Shaped[torch.Tensor, "C D"], step: int) -> Shaped[torch.Tensor, "C D"]:
        """Return the states after a step."""
        spins, draws = state.double(), self.draws(step)
        if self.update == "synchronous":
            return self.follow(spins, self.fields(spins), draws).to(state.dtype)
        copies = torch.arange(len(spins), device=spins.device)
        for spin in orders(self.order_keys, step, self.copies.n_spins).T:
            spins[copies, spin] = self.follow(spins, self.fields(spins), draws)[copies, spin]
        return spins.to(state.dtype)
