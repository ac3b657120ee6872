"""Records whose exponents are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

RandomStreams = np.random.Generator


class Trees(NamedTuple):
    """Sizes and durations of family trees, and the activity that they make one after the other, 0 between them."""

    sizes: np.ndarray
    durations: np.ndarray
    activity: np.ndarray


def _renewal(mu: float, n_steps: int, rng: RandomStreams, *, scale: float = 1.0) -> np.ndarray:
    """Steps with an event, where the time between events is T (u^(1 / (1 − μ)) − 1), ψ(τ) ~ τ^−μ."""
    times = np.zeros(1)
    while times[-1] < n_steps:
        waits = scale * (rng.random(50_000) ** (1 / (1 - mu)) - 1)
        times = np.concatenate([times, times[-1] + np.cumsum(waits)])
    return np.unique(times[times < n_steps].astype(np.int64))


def _fractional_noise(hurst: float, n: int, rng: RandomStreams) -> np.ndarray:
    """Fractional Gaussian noise of variance 1 (Davies & Harte 1987): exact, by circulant embedding."""
    k = np.arange(n + 1)
    covariance = (np.abs(k + 1.0) ** (2 * hurst) - 2.0 * k ** (2 * hurst) + np.abs(k - 1.0) ** (2 * hurst)) / 2
    power = np.fft.rfft(np.concatenate([covariance, covariance[-2:0:-1]])).real
    parts = rng.standard_normal((2, n + 1)) / np.sqrt(2)
    parts[:, [0, -1]] *= [[np.sqrt(2)], [0]]
    return np.fft.irfft((parts[0] + 1j * parts[1]) * np.sqrt(2 * n * np.maximum(power, 0)), 2 * n)[:n]


def _telegraph(dwell: float, n: int, rng: RandomStreams) -> np.ndarray:
    """A signal of ±1 that turns over with probability 1 / dwell in every step."""
    return np.where(np.cumsum(rng.random(n) < 1 / dwell) % 2, 1.0, -1.0)


def _trees(n: int, rng: RandomStreams, *, longest: int = 20_000) -> Trees:
    """Critical Galton–Watson trees: one ancestor, Poisson offspring of mean 1; those that live on are cut."""
    alive, trees = np.ones(n, dtype=np.int64), np.arange(n)
    sizes, durations = np.zeros(n), np.zeros(n)
    generations = []
    for _ in range(longest):
        generations.append((trees, alive))
        sizes[trees] += alive
        durations[trees] += 1
        children = rng.poisson(alive)
        trees, alive = trees[children > 0], children[children > 0]
        if not len(trees):
            break
    starts = np.concatenate([[1], 1 + np.cumsum(durations + 1)]).astype(np.int64)
    activity = np.zeros(starts[-1])
    for at, (members, counts) in enumerate(generations):
        activity[starts[members] + at] = counts
    return Trees(sizes, durations, activity)


@pytest.fixture
def renewal() -> Callable[..., np.ndarray]:
    return _renewal


@pytest.fixture
def fractional_noise() -> Callable[..., np.ndarray]:
    return _fractional_noise


@pytest.fixture
def telegraph() -> Callable[..., np.ndarray]:
    return _telegraph


@pytest.fixture(scope="session")
def trees() -> Trees:
    return _trees(100_000, np.random.default_rng(5))
