"""The section of a configuration that says how a system is run, whatever it simulates."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]


class Engine(Section):
    """How often to record and to save, and on which device to compute.

    Recording and saving change no number of a run; the rest may change the last bits.
    """

    record_every: Count = 100
    """Steps between two records (metrics, cross-play)."""
    checkpoint_every: Count = 500
    """Steps between two checkpoints; one more is written whenever the run stops."""
    keep_checkpoints: Annotated[int, Field(ge=2)] = 2
    """How many checkpoints are kept; with two, one is left when the newest is damaged."""
    block_agents: Count | None = None
    """Agents in a logical block; without it equal blocks of at most 32 on a CPU, and all agents on a GPU."""
    device: Literal["cpu", "cuda"] = "cpu"
    """Device on which to compute."""
    compile: bool = False
    """Compile the computation of a step: it takes 20 to 60 s before the first step, and makes all steps faster."""
    kernel: Literal["auto", "fused", "autograd"] = "auto"
    """What computes the steps of agents that learn by gradients: compiled kernels (`fused`, for gru agents on a CPU),
    torch's `autograd`, or `auto`: fused where that is possible. A run keeps the kernel that it began with."""
    threads: Annotated[int, Field(ge=1, le=256)] = 1
    """Threads of torch in this process; more than one is rarely faster, and may be far slower on a shared machine."""

    def agents_per_block(self, n_agents: int) -> int:
        """Return the number of agents in a block of a population of `n_agents`."""
        if self.block_agents is not None:
            return self.block_agents
        n_blocks = math.ceil(n_agents / 32) if self.device == "cpu" else 1  # 16 to 32 agents fit the caches best
        return math.ceil(n_agents / n_blocks)
