"""Whether two processes compute the same bits."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version

import llvmlite.binding
import numpy as np
import torch


def fingerprint() -> dict[str, str]:
    """Return what the bits of a run depend on, by name: versions, and a hash of a few results of this processor.

    All members of a team draw by themselves who talks to whom, so their results must agree to the last bit; numpy and
    torch choose their code according to the processor.
    """
    generator = np.random.Generator(np.random.Philox(key=1))
    draws = generator.gumbel(size=(4, 64, 64))
    matrices = torch.from_numpy(draws.astype(np.float32))
    results = (
        np.exp(-draws),
        np.log(np.abs(draws)),
        torch.bmm(matrices, matrices.mT).numpy(),
        torch.tanh(matrices).numpy(),
        torch.softmax(matrices, dim=-1).numpy(),
    )
    bits = hashlib.blake2b(b"".join(values.tobytes() for values in results), digest_size=8).hexdigest()
    packages = {name: version(name) for name in ("hubbub", "torch", "numpy", "networkx")}
    target = llvmlite.binding.get_host_cpu_name()  # for which numba compiles
    return {"python": platform.python_version(), **packages, "arithmetic": bits, "processor": target}
