"""The stochastic exponential dense associative memory."""

from __future__ import annotations

import math

import numpy as np
import torch
from jaxtyping import Float, Shaped
from numpy.typing import NDArray

from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.exact_fields import DECIDING_LEVELS, NEARLY_NO_FIELD
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.spins import SpinModel, Update


@memory("sedam")
class Sedam(SpinModel):
    """Stochastic exponential dense associative memory; the noise is the chance p that a spin flips after its update.

    Energy E = −Σ_μ exp(ξ^μ·σ). A spin takes the value of lower energy, with w = softmax(ξ^μ·σ):
    σ' = sgn(Σ_μ w_μ ξ^μ − tanh(1) σ); where both values have the same energy it stays.
    With `update: asynchronous` the spins are updated one after the other, in a new random order in every step.

    References
    ----------
    Demircigil et al. (2017), On a model of associative memory with huge storage capacity; Cafiso & Paradisi (2025),
    Criticality of a stochastic dense associative memory model with exponential interaction function.
    """

    def __init__(self, update: Update = "synchronous") -> None:
        super().__init__(update)
        self.kernels = ("packed", "loop", "plain") if update == "synchronous" else ("loop", "plain")

    def store(self, copies: Copies, device: torch.device) -> None:
        """Store what the copies store."""
        super().store(copies, device)
        self._packed: NDArray[np.uint64] | None = None

    def fields(self, spins: Float[torch.Tensor, "C D"]) -> Float[torch.Tensor, "C D"]:
        """Return Σ_μ w_μ ξ^μ − tanh(1) σ, with exact signs: two matrix products, and O(K) for each field near 0."""
        fields = torch.empty_like(spins)
        for repetition, load, copies in self.copies.groups:
            patterns, own = self.stored(repetition, load), spins[copies]
            overlaps = own @ patterns.T
            field = torch.softmax(overlaps, dim=1) @ patterns - math.tanh(1) * own
            copy, spin = torch.nonzero(field.abs() < NEARLY_NO_FIELD, as_tuple=True)
            if len(copy):
                field[copy, spin] = own[copy, spin] * _sign_of_staying(
                    overlaps[copy], patterns[:, spin].T * own[copy, spin, None]
                )
            fields[copies] = field
        return fields

    def energy(self, state: Shaped[torch.Tensor, "C D"]) -> Float[torch.Tensor, " C"]:
        """Return −log Σ_μ exp(ξ^μ·σ), `[C]`: the energy itself is too large for float64."""
        energy = torch.empty(len(state), dtype=torch.float64)
        for copies, overlaps in self.overlaps(state):
            energy[copies] = -torch.logsumexp(overlaps, dim=1).cpu()
        return energy

    def _advance_compiled(self, kernel: str, state: NDArray[np.int8], made: int, record: Record) -> None:
        copies = self.copies
        stored = (copies.noise_keys, self.noise_bits, copies.repetition, copies.load, copies.target)
        observables = (record.overlap, record.activity, record.turned_on, record.nearest)
        if kernel == "loop":
            from hubbub.simulator.memory.kernels.sedam_loop import advance

            advance(
                state, made, copies.patterns, copies.order_keys, self.update == "asynchronous", *stored, *observables
            )
            return
        from hubbub.simulator.memory.kernels.packing import pack, unpack
        from hubbub.simulator.memory.kernels.sedam_packed import advance_packed

        if self._packed is None:
            self._packed = np.ascontiguousarray(pack(copies.patterns).transpose(0, 2, 1))
        words = pack(state)
        advance_packed(words, made, self._packed, copies.patterns, *stored, *observables)
        state[:] = unpack(words, copies.n_spins)


def _sign_of_staying(overlaps: torch.Tensor, agrees: torch.Tensor) -> torch.Tensor:
    """Return +1 where a spin stays, −1 where it flips and 0 where both have the same energy, exactly, `[n]`.

    With x = e^−2, the weights of the patterns are x^l for whole levels l behind the nearest. A pattern that agrees with
    the spin (`agrees [n, K]` is ±1) adds x^(l + 1) for staying, another one adds x^l for flipping. Patterns are counted
    at each level, in whole numbers that cancel exactly; the first level at which they do not cancel, and those after
    it, decide.
    """
    levels = ((overlaps.max(dim=1, keepdim=True).values - overlaps) / 2).long() + (agrees > 0)
    counts = torch.zeros(
        len(levels), int(levels.max()) + 1 + DECIDING_LEVELS, dtype=torch.float64, device=levels.device
    )
    counts.scatter_add_(1, levels, agrees)
    first = (counts != 0).int().argmax(dim=1)
    window = torch.arange(DECIDING_LEVELS, device=levels.device)
    return (counts.gather(1, first[:, None] + window) @ torch.exp(-2.0 * window.double())).sign()
