"""The stochastic 2-body Hopfield memory, between all spins or along the edges of a graph."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import torch

from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.couplings import NO_FIELD, Rule, couplings
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.spins import SpinModel, Update
from hubbub.simulator.memory.words import uniforms
from hubbub.simulator.topology import Topology


@memory("hopfield")
class Hopfield(SpinModel):
    """Stochastic 2-body Hopfield memory; with a topology, spins pull only along its edges.

    Energy E = −½ Σᵢⱼ Jᵢⱼ σᵢ σⱼ, with J by `rule`. With `noise: flips` a spin follows the sign of its field
    hᵢ = Σⱼ Jᵢⱼ σⱼ and is then flipped with chance p; with `noise: temperature` it is +1 with chance
    1 / (1 + exp(−2 hᵢ / T)) (Glauber). Fields below 1e−9 count as none.
    With `update: asynchronous` the spins take turns, in an order drawn anew in every step.

    References
    ----------
    Hopfield (1982), Neural networks and physical systems with emergent collective computational abilities.
    """

    kernels = ("loop", "plain")

    def __init__(
        self,
        rule: Rule = "hebb",
        update: Update = "synchronous",
        noise: Literal["flips", "temperature"] = "flips",
        *,
        topology: Topology | None = None,
    ) -> None:
        super().__init__(update)
        self.rule, self.topology = rule, topology
        self.n_spins = None if topology is None else topology.n_agents
        self.heated = noise == "temperature"
        if self.heated:
            self.noise, self.noise_limit = "temperatures", math.inf

    def store(self, copies: Copies, device: torch.device) -> None:
        """Turn the patterns into couplings."""
        super().store(copies, device)
        sets = [copies.patterns[repetition, :load] for repetition, load, _ in copies.groups]
        self.couplings = couplings(sets, self.rule, self.topology)
        self.set_of = np.empty(len(copies), dtype=np.int64)
        for number, (_, _, members) in enumerate(copies.groups):
            self.set_of[members] = number

    def fields(self, spins: torch.Tensor) -> torch.Tensor:
        """Return h, `[C, D]`."""
        fields = torch.empty_like(spins)
        for number, (_, _, copies) in enumerate(self.copies.groups):
            fields[copies] = spins[copies] @ torch.from_numpy(self.couplings.matrix(number)).to(spins.device).T
        return torch.where(fields.abs() < NO_FIELD, 0, fields)

    def draws(self, step: int) -> torch.Tensor:
        """Return flips, or a number in [0, 1) for each spin, `[C, D]`."""
        return uniforms(self.noise_keys, step, self.copies.n_spins) if self.heated else super().draws(step)

    def follow(self, spins: torch.Tensor, fields: torch.Tensor, draws: torch.Tensor) -> torch.Tensor:
        """Return the spins after following their fields, `[C, D]`."""
        if not self.heated:
            return super().follow(spins, fields, draws)
        temperature = torch.from_numpy(self.copies.noise).to(spins.device)[:, None]
        heated = torch.where(draws < 1 / (1 + torch.exp(-2 * fields / temperature)), 1.0, -1.0)
        return torch.where(temperature > 0, heated, torch.where(fields == 0, spins, fields.sign()))

    def energy(self, state: torch.Tensor) -> torch.Tensor:
        """Return −½ Σᵢ σᵢ hᵢ, `[C]`."""
        spins = state.double()
        return -(spins * self.fields(spins)).sum(dim=1).cpu() / 2

    def _advance_compiled(self, kernel: str, state: np.ndarray, made: int, record: Record) -> None:
        from hubbub.simulator.memory.kernels.hopfield_loop import advance

        copies, links = self.copies, self.couplings
        advance(
            state,
            made,
            links.first,
            links.sources,
            links.strengths,
            self.set_of,
            self.update == "asynchronous",
            self.heated,
            copies.noise,
            self.places,
            copies.noise_keys,
            copies.order_keys,
            copies.patterns,
            copies.repetition,
            copies.load,
            copies.target,
            record.overlap,
            record.activity,
            record.turned_on,
            record.nearest,
        )
