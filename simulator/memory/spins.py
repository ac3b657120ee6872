"""Memories of two-state spins: the plain form of their synchronous and asynchronous steps."""

from __future__ import annotations

from abc import abstractmethod
from typing import Literal, TypeAlias

import numpy as np
import torch

from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.words import bernoulli, orders, thresholds

Update: TypeAlias = Literal["synchronous", "asynchronous"]


class SpinModel(Model):
    """Spins σ ∈ {−1, +1}^D that follow their fields and are flipped with a chance p.

    In a synchronous step all spins follow the fields of the state before, then each is flipped with chance p. In an
    asynchronous step they take turns in an order drawn anew: each follows the field of the moment and is flipped with
    chance p before the next. A spin without a field stays as it is.
    """

    def __init__(self, update: Update) -> None:
        self.update = update

    def store(self, copies: Copies, device: torch.device) -> None:
        """Take in what the copies are."""
        super().store(copies, device)
        self.places = thresholds(copies.noise)

    @abstractmethod
    def fields(self, spins: torch.Tensor) -> torch.Tensor:
        """Return a number with the sign of each spin's field, exactly 0 where there is none, `[C, D]` float64."""

    def draws(self, step: int) -> torch.Tensor:
        """Return what chance has in store for each spin in a step, `[C, D]`: whether it is flipped."""
        places = torch.from_numpy(self.places.view(np.int64)).to(self.noise_keys.device)
        return bernoulli(self.noise_keys, step, places, self.copies.n_spins)

    def follow(self, spins: torch.Tensor, fields: torch.Tensor, draws: torch.Tensor) -> torch.Tensor:
        """Return the spins after following their fields and their luck, `[C, D]`."""
        settled = torch.where(fields == 0, spins, fields.sign())
        return torch.where(draws, -settled, settled)

    def plain_step(self, state: torch.Tensor, step: int) -> torch.Tensor:
        """Return the states after a step."""
        spins, draws = state.double(), self.draws(step)
        if self.update == "synchronous":
            return self.follow(spins, self.fields(spins), draws).to(state.dtype)
        copies = torch.arange(len(spins), device=spins.device)
        for turn in orders(self.order_keys, step, self.copies.n_spins).T:
            spins[copies, turn] = self.follow(spins, self.fields(spins), draws)[copies, turn]
        return spins.to(state.dtype)
