"""The stack of small populations whose step is computed by compiled kernels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from hubbub.simulator.learning.optimiser import StackedAdam
from hubbub.simulator.population.fused_block import FusedBlock
from hubbub.simulator.population.population import Population
from hubbub.simulator.population.stack import Stack


class FusedStack(FusedBlock, Stack):
    """The moments of the optimisers are views of the stack as well, because the kernel updates all rows at once."""

    def __init__(self, populations: Sequence[Population]) -> None:
        Stack.__init__(self, populations)
        own = [block.optimiser for block in self._parts]
        self.optimiser = StackedAdam(self.flat, learning_rate=own[0].learning_rate)
        for name in ("first_moment", "second_moment", "updates"):
            stacked = torch.cat([getattr(one, name) for one in own])
            setattr(self.optimiser, name, stacked)
            for one, values in zip(own, self._rows_of(stacked), strict=True):
                setattr(one, name, values)
        self._prepare()
        self._rates = np.concatenate(
            [np.full(block.n, one.learning_rate) for block, one in zip(self._parts, own, strict=True)]
        )
