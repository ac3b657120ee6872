"""Where to compute."""

from __future__ import annotations

import torch

from hubbub.simulator.engine import Team
from hubbub.simulator.errors import ConfigurationError


def device_named(name: str, *, team: Team | None = None) -> torch.device:
    """Return the device, or raise when it is not here; a driver, where no blocks live, computes nothing."""
    if team is not None and team.rank < 0:
        return torch.device("cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise ConfigurationError("engine.device: expected a device that is here (cpu), got 'cuda'; see `hubbub doctor`")
    return torch.device(name)
