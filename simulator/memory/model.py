"""What every memory can do, and the plain way to do it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
import torch

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.record import Record


class Model(ABC):
    """An associative memory: how C copies of it change in a step.

    The state is one array `[C, D]`, a spin on where it is above 0. A model is made with its options and then stores
    what the copies store, once.

    Attributes
    ----------
    kernels
        Names of the codes that can step it, the fastest first; all give the same states.
    noise, noise_limit
        What the noise levels of the copies are, and the highest.
    n_spins
        D where a graph fixes it, else None.
    stores_patterns
        Whether there are patterns.
    """

    kernels: tuple[str, ...] = ("plain",)
    noise: str = "chances of a flip"
    noise_limit: float = 1.0
    n_spins: int | None = None
    stores_patterns: ClassVar[bool] = True

    def store(self, copies: Copies, device: torch.device) -> None:
        """Take in what the copies are; `ConfigurationError` where a noise level has no meaning."""
        wrong = copies.noise[copies.noise > self.noise_limit]
        if len(wrong):
            raise ConfigurationError(
                f"copies.noise: expected {self.noise} between 0 and {self.noise_limit:g}, got {wrong[0]:g}"
            )
        self.copies = copies
        self.patterns = torch.from_numpy(copies.patterns).to(device)
        self.noise_keys = torch.from_numpy(copies.noise_keys.view(np.int64)).to(device)
        self.order_keys = torch.from_numpy(copies.order_keys.view(np.int64)).to(device)

    def initial(self, start: np.ndarray) -> np.ndarray:
        """Return the states that correspond to spins `start [C, D]` of ±1."""
        return start.copy()

    @abstractmethod
    def plain_step(self, state: torch.Tensor, step: int) -> torch.Tensor:
        """Return the states after step number `step` (0 for the first)."""

    def energy(self, state: torch.Tensor) -> torch.Tensor | None:
        """Return the energy of every copy, `[C]`, or None where there is none."""
        return None

    def is_on(self, state: torch.Tensor) -> torch.Tensor:
        """Return which spins are on, `[C, D]`."""
        return state > 0

    def overlaps(self, state: torch.Tensor) -> list[tuple[np.ndarray, torch.Tensor]]:
        """Return the products ξ^μ·σ with all stored patterns: copies `[c]` that store the same, and `[c, K]`."""
        return [
            (copies, state[copies].double() @ self.stored(repetition, load).T)
            for repetition, load, copies in self.copies.groups
        ]

    def stored(self, repetition: int, load: int) -> torch.Tensor:
        """Return the patterns that some copies store, `[K, D]` float64."""
        return self.patterns[repetition, :load].double()

    def advance(self, kernel: str, state: np.ndarray, *, made: int, record: Record) -> None:
        """Change `state` by the steps after the first `made` ones, and note each of them in `record`."""
        if kernel != "plain":
            self._advance_compiled(kernel, state, made, record)
            return
        now = torch.from_numpy(state).to(self.patterns.device)
        for column in range(record.n_steps):
            before, now = now, self.plain_step(now, made + column)
            on = self.is_on(now)
            record.activity[:, column] = on.sum(dim=1).cpu()
            record.turned_on[:, column] = (on & ~self.is_on(before)).sum(dim=1).cpu()
            for copies, overlaps in self.overlaps(now) if self.stores_patterns else ():
                record.overlap[copies, column] = overlaps[:, self.copies.target].cpu()
                if record.nearest.size:
                    record.nearest[copies, column] = overlaps.cpu().numpy().argmax(axis=1)
        state[:] = now.cpu()

    def _advance_compiled(self, kernel: str, state: np.ndarray, made: int, record: Record) -> None:
        raise NotImplementedError
