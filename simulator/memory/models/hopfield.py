"""The stochastic 2-body Hopfield memory, between all spins or along the edges of a graph."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Shaped
from numpy.typing import NDArray

from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.couplings import Rule, couplings
from hubbub.simulator.memory.exact_fields import NO_FIELD
from hubbub.simulator.memory.random_words import uniforms
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.spins import SpinModel, Update
from hubbub.simulator.topology import Topology


@memory("hopfield")
class Hopfield(SpinModel):
    """Stochastic 2-body Hopfield memory; with a topology, couplings exist only along its edges.

    Energy E = −½ Σᵢⱼ Jᵢⱼ σᵢ σⱼ, with J by `rule`. With `noise: flips` a spin follows the sign of its field
    hᵢ = Σⱼ Jᵢⱼ σⱼ and is then flipped with chance p; with `noise: temperature` it is +1 with chance
    1 / (1 + exp(−2 hᵢ / T)) (Glauber). Fields below 1e−9 count as 0.
    With `update: asynchronous` the spins are updated one after the other, in a new random order in every step.

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
        self.is_thermal = noise == "temperature"
        if self.is_thermal:
            self.noise, self.noise_limit = "temperatures", math.inf

    def store(self, copies: Copies, device: torch.device) -> None:
        """Compute the couplings that store the patterns."""
        super().store(copies, device)
        sets = [copies.patterns[repetition, :load] for repetition, load, _ in copies.groups]
        self.couplings = couplings(sets, self.rule, self.topology)
        self.set_of = np.empty(len(copies), dtype=np.int64)
        for number, (_, _, members) in enumerate(copies.groups):
            self.set_of[members] = number

    def fields(self, spins: Float[torch.Tensor, "C D"]) -> Float[torch.Tensor, "C D"]:
        """Return h, `[C, D]`."""
        fields = torch.empty_like(spins)
        for number, (_, _, copies) in enumerate(self.copies.groups):
            fields[copies] = spins[copies] @ torch.from_numpy(self.couplings.matrix(number)).to(spins.device).T
        return torch.where(fields.abs() < NO_FIELD, 0, fields)

    def draws(self, step: int) -> Shaped[torch.Tensor, "C D"]:
        """Return flips, or a number in [0, 1) for each spin, `[C, D]`."""
        return uniforms(self.noise_keys, step, self.copies.n_spins) if self.is_thermal else super().draws(step)

    def follow(
        self,
        spins: Float[torch.Tensor, "C D"],
        fields: Float[torch.Tensor, "C D"],
        draws: Shaped[torch.Tensor, "C D"],
    ) -> Float[torch.Tensor, "C D"]:
        """Return the spins after their fields and their draws, `[C, D]`."""
        if not self.is_thermal:
            return super().follow(spins, fields, draws)
        temperature = torch.from_numpy(self.copies.noise).to(spins.device)[:, None]
        thermal = torch.where(draws < 1 / (1 + torch.exp(-2 * fields / temperature)), 1.0, -1.0)
        return torch.where(temperature > 0, thermal, torch.where(fields == 0, spins, fields.sign()))

    def energy(self, state: Shaped[torch.Tensor, "C D"]) -> Float[torch.Tensor, " C"]:
        """Return −½ Σᵢ σᵢ hᵢ, `[C]`."""
        spins = state.double()
        return -(spins * self.fields(spins)).sum(dim=1).cpu() / 2

    def _advance_compiled(self, kernel: str, state: NDArray[np.int8], made: int, record: Record) -> None:
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
            self.is_thermal,
            copies.noise,
            self.noise_bits,
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
