"""Random streams: every random number is keyed by (seed, stream name, step, block).

It does not depend on the order in which code runs. So one more metric, log line or worker changes no result, and a
resumed run needs no random state besides its step number.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float


@dataclass(frozen=True)
class RandomStreams:
    """All random streams of one run.

    >>> RandomStreams(7).at("pairing", 3).integers(10) == RandomStreams(7).at("pairing", 3).integers(10)
    True
    """

    seed: int

    def at(self, stream: str, *numbers: int) -> np.random.Generator:
        """Return a fresh generator for one key, such as `at("gumbel", step, block)`.

        Seed, stream and numbers are hashed to the 128-bit key of a counter-based Philox generator (Salmon et al. 2011),
        so that different keys give independent streams.
        """
        return np.random.Generator(np.random.Philox(key=self._key(stream, numbers)))

    def torch_at(self, device: torch.device, stream: str, *numbers: int) -> torch.Generator:
        """Return a torch generator on `device` for one key (its draws differ from those of `at`)."""
        generator = torch.Generator(device)
        generator.manual_seed(self._key(stream, numbers) % 2**63)
        return generator

    def gumbel(
        self, shape: tuple[int, ...], device: torch.device, stream: str, *numbers: int
    ) -> Float[torch.Tensor, "*shape"]:
        """Return float32 draws of `shape` from the standard Gumbel distribution for one key, on `device`."""
        if device.type == "cpu":
            draws = torch.from_numpy(self.at(stream, *numbers).standard_exponential(shape, dtype=np.float32))
        else:
            draws = torch.empty(shape, device=device)
            draws.exponential_(generator=self.torch_at(device, stream, *numbers))
        return draws.clamp_(min=torch.finfo(torch.float32).tiny).log_().neg_()  # a draw of exactly 0 has no log

    def _key(self, stream: str, numbers: tuple[int, ...]) -> int:
        text = "/".join([str(self.seed), stream, *(str(int(number)) for number in numbers)])
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")
