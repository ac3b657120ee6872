"""Two-state neurons with a threshold on a graph."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import torch
from jaxtyping import Int8, Shaped
from numpy.typing import NDArray
from pydantic import Field

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.catalogue import memory
from hubbub.simulator.memory.copies import Copies
from hubbub.simulator.memory.model import Model
from hubbub.simulator.memory.random_words import bernoulli, chance_bits
from hubbub.simulator.memory.record import Record
from hubbub.simulator.topology import Topology

Count = Annotated[int, Field(ge=1, le=60)]


@memory("threshold-neurons")
class ThresholdNeurons(Model):
    """Neurons on a topology; the noise is the chance that a neuron fires spontaneously. They store no patterns.

    A neuron that is not silent fires in a step if at least `threshold` of its sources fired in the step before, or
    spontaneously, with the chance given by the noise. After `firing_steps` steps of firing in a row it is silent for
    `silent_steps`. At step 0 all are at rest, or a random half of them has fired for one step (`start: random`).

    The state is 0 at rest, 1 … `firing_steps` while it fires (the steps so far), −`silent_steps` … −1 while it is
    silent.

    References
    ----------
    Grinstein & Linsker (2005), Synchronous neural activity in scale-free network models versus random network models.
    """

    kernels = ("loop", "plain")
    noise = "chances of firing"
    stores_patterns = False

    def __init__(
        self,
        threshold: Annotated[int, Field(ge=1)] = 2,
        firing_steps: Count = 1,
        silent_steps: Count = 1,
        *,
        topology: Topology | None,
    ) -> None:
        if topology is None:
            raise ConfigurationError("topology: expected a graph of the neurons of 'threshold-neurons', got nothing")
        self.threshold, self.firing_steps, self.silent_steps = threshold, firing_steps, silent_steps
        self.topology, self.n_spins = topology, topology.n_agents

    def store(self, copies: Copies, device: torch.device) -> None:
        """Store what the copies are, and the links."""
        super().store(copies, device)
        links = self.topology
        self.noise_bits = chance_bits(copies.noise)
        ones, size = torch.ones(links.n_edges, dtype=torch.float64), (links.n_agents, links.n_agents)
        indices = torch.from_numpy(np.stack([links.targets, links.sources]))
        self.adjacency = torch.sparse_coo_tensor(indices, ones, size, check_invariants=True).to(device)

    def initial(self, start: Int8[np.ndarray, "C D"]) -> Int8[np.ndarray, "C D"]:
        """Return neurons that fire where the spins are +1."""
        return np.maximum(start, 0)

    def plain_step(self, state: Shaped[torch.Tensor, "C D"], step: int) -> Shaped[torch.Tensor, "C D"]:
        """Return the states after a step."""
        assert self.n_spins is not None
        firing = self.is_on(state)
        n_inputs = (self.adjacency @ firing.double().T).T
        noise_bits = torch.from_numpy(self.noise_bits.view(np.int64)).to(state.device)
        fires = (n_inputs >= self.threshold) | bernoulli(self.noise_keys, step, noise_bits, self.n_spins)
        is_exhausted = state >= self.firing_steps
        awake = torch.where(is_exhausted, -self.silent_steps, torch.where(fires, state.clamp(min=0) + 1, 0))
        return torch.where(state < -1, state + 1, awake).to(state.dtype)

    def _advance_compiled(self, kernel: str, state: NDArray[np.int8], made: int, record: Record) -> None:
        from hubbub.simulator.memory.kernels.threshold_loop import advance

        advance(
            state,
            made,
            self.topology.first_edges,
            self.topology.targets,
            self.threshold,
            self.firing_steps,
            self.silent_steps,
            self.copies.noise_keys,
            self.noise_bits,
            record.activity,
            record.turned_on,
        )
