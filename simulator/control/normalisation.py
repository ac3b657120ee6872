"""Constants that normalise observations and rewards, measured in episodes of random actions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from hubbub.simulator.control.catalogue import Environment
from hubbub.simulator.control.rollouts import collect_trajectories
from hubbub.simulator.randomness import RandomStreams

EPISODES, KEPT_OBSERVATIONS = 32, 100
LEAST_STD = 1e-6
"""Dimensions with a smaller standard deviation are not scaled."""
CLIP_STDS = 10.0
"""Normalised observations are clipped to ± so many standard deviations."""


@dataclass(frozen=True)
class Normalisation:
    """Constants of an environment, measured with uniform random actions once, before a run.

    They never change, so that no agent depends on what another one has observed.

    Attributes
    ----------
    means, stds
        Means and standard deviations of the observations, `[O]`.
    return_scale
        Root mean square of the discounted returns; rewards are divided by it.
    uniform_return
        Mean return of an episode.
    observations
        Some of the observations, evenly from all episodes, `[K, O]`.
    """

    means: Float[np.ndarray, " O"]
    stds: Float[np.ndarray, " O"]
    return_scale: float
    uniform_return: float
    observations: Float[np.ndarray, "K O"]

    def normalised(self, observations: Float[np.ndarray, "*batch O"]) -> Float[np.ndarray, "*batch O"]:
        """Return observations `[…, O]` as networks get them: normalised, clipped, float32."""
        return np.clip((observations - self.means) / self.stds, -CLIP_STDS, CLIP_STDS).astype(np.float32)


def measured_normalisation(environment: Environment, discount: float, rng: RandomStreams) -> Normalisation:
    """Return the constants found in `EPISODES` episodes of uniform actions, from random streams of their own."""
    generator = rng.at("uniform-actions")

    def uniform(step: int, observations: np.ndarray) -> np.ndarray:
        return generator.uniform(-1, 1, size=(1, EPISODES, environment.action_size))

    def generator_of(agent: int, env: int, finished: int) -> np.random.Generator:
        return rng.at("ordinary-episode", env)

    played = collect_trajectories(environment, uniform, generator_of, agents=1, n_envs=EPISODES)
    observations, rewards = played.observations[~np.isnan(played.rewards)], np.nan_to_num(played.rewards[0])
    returns = np.zeros((EPISODES, environment.episode_steps + 1))
    for step in reversed(range(environment.episode_steps)):
        returns[:, step] = rewards[:, step] + discount * returns[:, step + 1]
    scale = np.sqrt(np.square(returns).sum() / max(np.count_nonzero(returns), 1)) or 1.0
    stds = observations.std(axis=0)
    stds[stds < LEAST_STD] = 1.0
    kept = observations[np.linspace(0, len(observations) - 1, KEPT_OBSERVATIONS).astype(int)]
    return Normalisation(observations.mean(axis=0), stds, float(scale), float(rewards.sum(axis=1).mean()), kept)
