"""The stochastic exponential dense associative memory."""

from __future__ import annotations

import math

import numpy as np
import torch

from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.spins import SpinModel, Update

NEARLY_NO_FIELD = 1e-9
DECIDING_LEVELS = 40


@memory("sedam")
class Sedam(SpinModel):
    """Stochastic exponential dense associative memory; the noise is the chance p that a spin flips after its update.

    Energy E = −Σ_μ exp(ξ^μ·σ). A spin takes the value of lower energy, with w = softmax(ξ^μ·σ):
    σ' = sgn(Σ_μ w_μ ξ^μ − tanh(1) σ); where both values have the same energy it stays.
    With `update: asynchronous` the spins take turns, in an order drawn anew in every step.

    References
    ----------
    Demircigil et al. (2017), On a model of associative memory with huge storage capacity; Cafiso & Paradisi (2025),
    Criticality of a stochastic dense associative memory model with exponential interaction function.
    """

    def __init__(self, update: Update = "synchronous") -> None:
        super().__init__(update)
        self.kernels = ("packed", "loop", "plain") if update == "synchronous" else ("loop", "plain")

    def store(self, copies: Copies, device: torch.device) -> None:
        """Take in the patterns."""
        super().store(copies, device)
        self._packed: np.ndarray | None = None

    def fields(self, spins: torch.Tensor) -> torch.Tensor:
        """Return Σ_μ w_μ ξ^μ − tanh(1) σ; its sign is exact, two matrix products and O(K) for nearly no field."""
        fields = torch.empty_like(spins)
        for repetition, load, copies in self.copies.groups:
            patterns, mine = self.stored(repetition, load), spins[copies]
            overlaps = mine @ patterns.T
            field = torch.softmax(overlaps, dim=1) @ patterns - math.tanh(1) * mine
            copy, spin = torch.nonzero(field.abs() < NEARLY_NO_FIELD, as_tuple=True)
            if len(copy):
                field[copy, spin] = mine[copy, spin] * _stays(
                    overlaps[copy], patterns[:, spin].T * mine[copy, spin, None]
                )
            fields[copies] = field
        return fields

    def energy(self, state: torch.Tensor) -> torch.Tensor:
        """Return −log Σ_μ exp(ξ^μ·σ), `[C]`: the energy itself is too large for a number."""
        energy = torch.empty(len(state), dtype=torch.float64)
        for copies, overlaps in self.overlaps(state):
            energy[copies] = -torch.logsumexp(overlaps, dim=1).cpu()
        return energy

    def _advance_compiled(self, kernel: str, state: np.ndarray, made: int, record: Record) -> None:
        copies = self.copies
        what = (copies.noise_keys, self.places, copies.repetition, copies.load, copies.target)
        notes = (record.overlap, record.activity, record.turned_on, record.nearest)
        if kernel == "loop":
            from hubbub.simulator.memory.kernels.sedam_loop import advance

            advance(state, made, copies.patterns, copies.order_keys, self.update == "asynchronous", *what, *notes)
            return
        from hubbub.simulator.memory.kernels.packing import pack, unpack
        from hubbub.simulator.memory.kernels.sedam_packed import advance_packed

        if self._packed is None:
            self._packed = np.ascontiguousarray(pack(copies.patterns).transpose(0, 2, 1))
        words = pack(state)
        advance_packed(words, made, self._packed, copies.patterns, *what, *notes)
        state[:] = unpack(words, copies.n_spins)


def _stays(overlaps: torch.Tensor, agrees: torch.Tensor) -> torch.Tensor:
    """Return +1 where a spin stays, −1 where it turns and 0 where both are alike, exactly, `[n]`.

    With x = e^−2, the weights of the patterns are x^l for whole levels l below the nearest. Those that agree with the
    spin (`agrees [n, K]` is ±1) speak for it with x^(l + 1), the others against it with x^l. Whole numbers of voices
    that cancel do so exactly, and the first level at which they do not decides with those after it.
    """
    levels = ((overlaps.max(dim=1, keepdim=True).values - overlaps) / 2).long() + (agrees > 0)
    voices = torch.zeros(
        len(levels), int(levels.max()) + 1 + DECIDING_LEVELS, dtype=torch.float64, device=levels.device
    )
    voices.scatter_add_(1, levels, agrees)
    first = (voices != 0).int().argmax(dim=1)
    window = torch.arange(DECIDING_LEVELS, device=levels.device)
    return (voices.gather(1, first[:, None] + window) @ torch.exp(-2.0 * window.double())).sign()
