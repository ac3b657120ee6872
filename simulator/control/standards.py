"""What is ordinary in an environment: units in which networks see it, and what an agent without a plan earns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.simulator.control.catalogue import Environment
from hubbub.simulator.control.experience import watched
from hubbub.simulator.randomness import RandomStreams

EPISODES, SHOWN = 32, 100
STILL = 1e-6
"""What spreads less is left as it is."""
LARGEST = 10.0
"""Units of the ordinary spread beyond which an observation is cut off."""


@dataclass(frozen=True)
class Standards:
    """Means and spreads `[O]` of observations, scale of discounted returns, and mean return, of uniform actions.

    Some of what was `observed [K, O]` is kept, evenly from all episodes. Standards are found once, before a run, and
    never move: nothing about an agent depends on what another one has seen.
    """

    means: np.ndarray
    spreads: np.ndarray
    return_scale: float
    uniform_return: float
    observed: np.ndarray

    def seen(self, observations: np.ndarray) -> np.ndarray:
        """Return observations `[…, O]` as networks see them, float32."""
        return np.clip((observations - self.means) / self.spreads, -LARGEST, LARGEST).astype(np.float32)


def standards(environment: Environment, discount: float, rng: RandomStreams) -> Standards:
    """Return the standards of `EPISODES` episodes with uniform actions, drawn at addresses of their own."""
    generator = rng.at("uniform-actions")

    def uniform(step: int, observations: np.ndarray) -> np.ndarray:
        return generator.uniform(-1, 1, size=(1, EPISODES, environment.action_size))

    def begin(agent: int, copy: int, had: int) -> np.random.Generator:
        return rng.at("ordinary-episode", copy)

    seen = watched(environment, uniform, begin, agents=1, copies=EPISODES)
    observed, rewards = seen.observations[~np.isnan(seen.rewards)], np.nan_to_num(seen.rewards[0])
    returns = np.zeros((EPISODES, environment.episode_steps + 1))
    for step in reversed(range(environment.episode_steps)):
        returns[:, step] = rewards[:, step] + discount * returns[:, step + 1]
    scale = np.sqrt(np.square(returns).sum() / max(np.count_nonzero(returns), 1)) or 1.0
    spreads = observed.std(axis=0)
    spreads[spreads < STILL] = 1.0
    some = observed[np.linspace(0, len(observed) - 1, SHOWN).astype(int)]
    return Standards(observed.mean(axis=0), spreads, float(scale), float(rewards.sum(axis=1).mean()), some)
