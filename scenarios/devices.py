"""Where to compute."""

from __future__ import annotations

import torch

from simulator.errors import ConfigurationError


def device_named(name: str) -> torch.device:
    """Return the device, or raise when it is not here."""
    if name == "cuda" and not torch.cuda.is_available():
        raise ConfigurationError("engine.device: expected a device that is here (cpu), got 'cuda'; see `hubbub doctor`")
    return torch.device(name)
