import numpy as np
import pytest
import torch

from hubbub.simulator.memory import Grid, MemoryNetworks, Recording
from hubbub.simulator.randomness import RandomStreams

QUIET = Recording(burn_in_steps=0, avalanches=False, coincidences=False)


@pytest.fixture
def networks():
    """Return copies of a model with an array of patterns."""

    def make(model, patterns, *, kernel="fastest", recording=QUIET, seed=0, **grid):
        grid = {"noise": (0.0,), "load": (1,) if patterns is None else (len(patterns),), **grid}
        return MemoryNetworks(
            model, grid=Grid(**grid), patterns=patterns, recording=recording, rng=RandomStreams(seed), kernel=kernel
        )

    return make


@pytest.fixture
def coins():
    """Return patterns of fair coins, `[K, D]`."""

    def make(n_patterns, n_spins, seed=0):
        return np.where(np.random.default_rng(seed).random((n_patterns, n_spins)) < 0.5, 1, -1).astype(np.int8)

    return make


@pytest.fixture
def spins():
    """Return the states of the copies as they are seen from outside, `[C, D]`."""
    return lambda made: made.state().tensors["spins"].numpy().copy()


@pytest.fixture
def energies():
    """Return the energy of every copy at this moment."""
    return lambda made: made.model.energy(torch.from_numpy(made.state().tensors["spins"].numpy())).numpy()
