"""The device on which to compute."""

from __future__ import annotations

import torch

from hubbub.simulator.engine import Team
from hubbub.simulator.errors import ConfigurationError


def device_named(name: str, *, team: Team | None = None) -> torch.device:
    """Return the device, or raise if it is not available; a driver, which holds no blocks, gets the CPU."""
    if team is not None and team.rank < 0:
        return torch.device("cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise ConfigurationError("engine.device: expected an available device (cpu), got 'cuda'; see `hubbub doctor`")
    return torch.device(name)
