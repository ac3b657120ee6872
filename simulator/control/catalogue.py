"""Environments of continuous control, and the names that a configuration may give as `environment.kind`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hubbub.simulator.registry import Registry


@dataclass(frozen=True)
class Moved:
    """What a step did to K episodes: observations `[K, O]`, rewards `[K]`, and whether each came to an end `[K]`.

    An episode that `terminated` has no future; one that was `truncated` has one that nobody sees.
    """

    observations: np.ndarray
    rewards: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray


class Episodes(ABC):
    """Episodes of an environment, side by side."""

    @abstractmethod
    def begin(self, episode: int, generator: np.random.Generator) -> np.ndarray:
        """Begin an episode anew and return its first observation `[O]`; all its luck comes from the generator."""

    @abstractmethod
    def step(self, episodes: np.ndarray, actions: np.ndarray) -> Moved:
        """Let the K episodes of these numbers `[K]` make a step with actions `[K, A]` in [−1, 1]."""


class Environment(ABC):
    """What is to be controlled: observations `[O]`, actions `[A]` in [−1, 1], episodes of `episode_steps` at most."""

    observation_size: int
    action_size: int
    episode_steps: int

    @abstractmethod
    def episodes(self, n: int) -> Episodes:
        """Return n episodes, none of which has begun."""


environment = Registry("environment", package="hubbub.simulator.control.environments", contract=Environment)
"""Decorator and catalogue of functions or classes that give an `Environment`."""


def begin_all(environment: Environment, generators: Sequence[np.random.Generator]) -> tuple[Episodes, np.ndarray]:
    """Return an episode for each generator, and their first observations `[n, O]`."""
    episodes = environment.episodes(len(generators))
    return episodes, np.stack([episodes.begin(number, generator) for number, generator in enumerate(generators)])
