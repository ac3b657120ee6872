"""Every random draw, by its address.

A draw is a function of (seed, stream name, step, block), never of the order in which code happens to
run: one more metric, log line or worker changes nobody's luck, and a resumed run needs no random state
beyond its step number.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import torch


@dataclass(frozen=True)
class RandomStreams:
    """All random streams of one run.

    >>> RandomStreams(7).at("pairing", 3).integers(10) == RandomStreams(7).at("pairing", 3).integers(10)
    True
    """

    seed: int

    def at(self, stream: str, *address: int) -> np.random.Generator:
        """Return a fresh generator for one address, such as `at("gumbel", step, block)`.

        The address is hashed to the 128-bit key of a counter-based Philox generator (Salmon et al. 2011),
        so that different addresses give unrelated streams.
        """
        return np.random.Generator(np.random.Philox(key=self._key(stream, address)))

    def torch_at(self, device: torch.device, stream: str, *address: int) -> torch.Generator:
        """Return a torch generator on `device` for one address (its draws differ from those of `at`)."""
        generator = torch.Generator(device)
        generator.manual_seed(self._key(stream, address) % 2**63)
        return generator

    def gumbel(self, shape: tuple[int, ...], device: torch.device, stream: str, *address: int) -> torch.Tensor:
        """Return float32 draws from the standard Gumbel distribution at one address, on `device`."""
        if device.type == "cpu":
            draws = torch.from_numpy(self.at(stream, *address).standard_exponential(shape, dtype=np.float32))
        else:
            draws = torch.empty(shape, device=device)
            draws.exponential_(generator=self.torch_at(device, stream, *address))
        return draws.clamp_(min=torch.finfo(torch.float32).tiny).log_().neg_()  # a draw of exactly 0 has no log

    def _key(self, stream: str, address: tuple[int, ...]) -> int:
        text = "/".join([str(self.seed), stream, *(str(int(number)) for number in address)])
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")
