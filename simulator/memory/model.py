"""The base class of all memories, with a plain implementation in torch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Int8, Shaped
from numpy.typing import NDArray

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.record import Record


class Model(ABC):
    """An associative memory: how C copies of it change in a step.

    The state is one array `[C, D]`; a spin is on where it is above 0. A model is made with its options, and then given
    its copies by `store`, once.

    Attributes
    ----------
    kernels
        Names of the implementations of a step, the fastest first; all give the same states.
    noise, noise_limit
        What a noise level stands for, and the highest one allowed.
    n_spins
        Number of spins D where a graph fixes it, else None.
    stores_patterns
        Whether the memory stores patterns.
    """

    kernels: tuple[str, ...] = ("plain",)
    noise: str = "chances of a flip"
    noise_limit: float = 1.0
    n_spins: int | None = None
    stores_patterns: ClassVar[bool] = True

    def store(self, copies: Copies, device: torch.device) -> None:
        """Store what the copies store; `ConfigurationError` where a noise level is too high."""
        wrong = copies.noise[copies.noise > self.noise_limit]
        if len(wrong):
            raise ConfigurationError(
                f"copies.noise: expected {self.noise} between 0 and {self.noise_limit:g}, got {wrong[0]:g}"
            )
        self.copies = copies
        self.patterns = torch.from_numpy(copies.patterns).to(device)
        self.noise_keys = torch.from_numpy(copies.noise_keys.view(np.int64)).to(device)
        self.order_keys = torch.from_numpy(copies.order_keys.view(np.int64)).to(device)

    def initial(self, start: Int8[np.ndarray, "C D"]) -> Shaped[np.ndarray, "C D"]:
        """Return the states that correspond to spins `start [C, D]` of ±1."""
        return start.copy()

    @abstractmethod
    def plain_step(self, state: Shaped[torch.Tensor, "C D"], step: int) -> Shaped[torch.Tensor, "C D"]:
        """Return the states after step number `step` (0 for the first)."""

    def energy(self, state: Shaped[torch.Tensor, "C D"]) -> Float[torch.Tensor, " C"] | None:
        """Return the energy of every copy, `[C]`, or None where the memory has no energy."""
        return None

    def is_on(self, state: Shaped[torch.Tensor, "C D"]) -> Bool[torch.Tensor, "C D"]:
        """Return which spins are on, `[C, D]`."""
        return state > 0

    def overlaps(
        self, state: Shaped[torch.Tensor, "C D"]
    ) -> list[tuple[Int[np.ndarray, " c"], Float[torch.Tensor, "c K"]]]:
        """Return, for each group of copies that store the same, their numbers `[c]` and products ξ^μ·σ `[c, K]`."""
        return [
            (copies, state[copies].double() @ self.stored(repetition, load).T)
            for repetition, load, copies in self.copies.groups
        ]

    def stored(self, repetition: int, load: int) -> Float[torch.Tensor, "K D"]:
        """Return the patterns that copies of this repetition and load store, `[K, D]` float64."""
        return self.patterns[repetition, :load].double()

    def advance(self, kernel: str, state: Shaped[np.ndarray, "C D"], *, made: int, record: Record) -> None:
        """Change `state` by the steps after the first `made` ones, and write each of them into `record`."""
        if kernel != "plain":
            self._advance_compiled(kernel, state, made, record)
            return
        current = torch.from_numpy(state).to(self.patterns.device)
        for column in range(record.n_steps):
            before, current = current, self.plain_step(current, made + column)
            on = self.is_on(current)
            record.activity[:, column] = on.sum(dim=1).cpu()
            record.turned_on[:, column] = (on & ~self.is_on(before)).sum(dim=1).cpu()
            for copies, overlaps in self.overlaps(current) if self.stores_patterns else ():
                record.overlap[copies, column] = overlaps[:, self.copies.target].cpu()
                if record.nearest.size:
                    record.nearest[copies, column] = overlaps.cpu().numpy().argmax(axis=1)
        state[:] = current.cpu()

    def _advance_compiled(self, kernel: str, state: NDArray[Any], made: int, record: Record) -> None:
        raise NotImplementedError
