"""Which kernel computes the steps of agents that learn by gradients."""

from __future__ import annotations

from typing import Literal, TypeAlias

from hubbub.simulator.agents.gru import GRU
from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.reconstruction import Reconstruction

Kernel: TypeAlias = Literal["fused", "autograd"]
"""Compiled kernels for one architecture and two games, or torch's autograd for all."""

FUSED_AGENTS = (GRU,)
FUSED_GAMES = (Reconstruction, Discrimination)
FUSED_DEVICES = ("cpu",)
