"""Environments of continuous control, and the names that a configuration may give as `environment.kind`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.simulator.registry import Registry


@dataclass(frozen=True)
class StepResult:
    """What a step did to K episodes.

    Attributes
    ----------
    observations
        Observations after the step, `[K, O]`.
    rewards
        Rewards of the step, `[K]`.
    terminated
        Episodes that reached a final state, `[K]`: no reward can follow.
    truncated
        Episodes that were cut off, `[K]`, although rewards could follow.
    """

    observations: Float[np.ndarray, "K O"]
    rewards: Float[np.ndarray, " K"]
    terminated: Bool[np.ndarray, " K"]
    truncated: Bool[np.ndarray, " K"]


class Episodes(ABC):
    """Episodes of an environment, side by side."""

    @abstractmethod
    def reset(self, episode: int, generator: np.random.Generator) -> Float[np.ndarray, " O"]:
        """Start an episode again and return its first observation `[O]`; all random numbers are the generator's."""

    @abstractmethod
    def step(self, episodes: Int[np.ndarray, " K"], actions: Float[np.ndarray, "K A"]) -> StepResult:
        """Make one step of the K episodes with these numbers `[K]`, with actions `[K, A]` in [−1, 1]."""


class Environment(ABC):
    """What is controlled: observations `[O]`, actions `[A]` in [−1, 1], episodes of at most `episode_steps`."""

    observation_size: int
    action_size: int
    episode_steps: int

    @abstractmethod
    def episodes(self, n: int) -> Episodes:
        """Return n episodes, none of which is reset yet."""


environment = Registry("environment", package="hubbub.simulator.control.environments", contract=Environment)
"""Decorator and catalogue of functions or classes that give an `Environment`."""


def reset_all(
    environment: Environment, generators: Sequence[np.random.Generator]
) -> tuple[Episodes, Float[np.ndarray, "n O"]]:
    """Return an episode for each generator, and their first observations `[n, O]`."""
    episodes = environment.episodes(len(generators))
    return episodes, np.stack([episodes.reset(number, generator) for number, generator in enumerate(generators)])
