"""The dense associative memory of order n."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import torch
from jaxtyping import Float, Shaped
from numpy.typing import NDArray
from pydantic import Field

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.spins import SpinModel, Update

EXACT = 2**53
"""Whole numbers below it are exact in float64."""


@memory("polynomial")
class Polynomial(SpinModel):
    """Dense associative memory of order n; the noise is the chance p that a spin flips after its update.

    Energy E = −Σ_μ (ξ^μ·σ)^n; order 2 is the Hopfield memory of Hebb. With F(m) = m^n a spin takes the value of lower
    energy, σ' = sgn(Σ_μ ½[F(m_μ + 2) − F(m_μ − 2)] ξ^μ − Σ_μ ½[F(m_μ + 2) − 2 F(m_μ) + F(m_μ − 2)] σ), m_μ = ξ^μ·σ. All
    these are whole numbers, kept below 2^53 so that they are exact.
    With `update: asynchronous` the spins are updated one after the other, in a new random order in every step.

    References
    ----------
    Krotov & Hopfield (2016), Dense associative memory for pattern recognition.
    """

    kernels = ("loop", "plain")

    def __init__(self, order: Annotated[int, Field(ge=2)] = 3, update: Update = "synchronous") -> None:
        super().__init__(update)
        self.order = order

    def store(self, copies: Copies, device: torch.device) -> None:
        """Compute both differences of F at all possible products m = −D … D."""
        super().store(copies, device)
        size, order = copies.n_spins, self.order
        slopes = [((m + 2) ** order - (m - 2) ** order) // 2 for m in range(-size, size + 1)]
        curvatures = [((m + 2) ** order - 2 * m**order + (m - 2) ** order) // 2 for m in range(-size, size + 1)]
        if (max(map(abs, slopes)) + max(map(abs, curvatures))) * int(copies.load.max()) >= EXACT:
            raise ConfigurationError(
                f"memory.order: expected an order whose fields are below 2^53 at {size} spins and a load of "
                f"{copies.load.max()}, got {order}; use a lower order, or memory.kind: sedam"
            )
        self.slopes, self.curvatures = (np.array(values, dtype=np.float64) for values in (slopes, curvatures))

    def fields(self, spins: Float[torch.Tensor, "C D"]) -> Float[torch.Tensor, "C D"]:
        """Return half the difference of the energies of both values, `[C, D]`."""
        slopes, curvatures = (torch.from_numpy(values).to(spins.device) for values in (self.slopes, self.curvatures))
        fields = torch.empty_like(spins)
        for repetition, load, copies in self.copies.groups:
            patterns, own = self.stored(repetition, load), spins[copies]
            products = (own @ patterns.T).long() + self.copies.n_spins
            fields[copies] = slopes[products] @ patterns - curvatures[products].sum(dim=1, keepdim=True) * own
        return fields

    def energy(self, state: Shaped[torch.Tensor, "C D"]) -> Float[torch.Tensor, " C"]:
        """Return −Σ_μ (ξ^μ·σ)^n, `[C]`."""
        energy = torch.empty(len(state), dtype=torch.float64)
        for copies, overlaps in self.overlaps(state):
            energy[copies] = -(overlaps**self.order).sum(dim=1).cpu()
        return energy

    def _advance_compiled(self, kernel: str, state: NDArray[np.int8], made: int, record: Record) -> None:
        from hubbub.simulator.memory.kernels.polynomial_loop import advance

        copies = self.copies
        advance(
            state,
            made,
            self.slopes,
            self.curvatures,
            self.update == "asynchronous",
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
