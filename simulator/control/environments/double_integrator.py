"""A mass on a line that is to be brought to rest at the origin."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from pydantic import Field

from hubbub.simulator.control.catalogue import Environment, Episodes, Moved, environment

Positive = Annotated[float, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0, le=1000)]
Count = Annotated[int, Field(ge=1)]


@environment("double-integrator")
class DoubleIntegrator(Environment):
    """A unit mass on a line, pushed by a force in [−1, 1], that is to be at rest at the origin as soon as possible.

    It starts uniformly in [−1, 1] with a velocity as uniform. Every step of `step_s` takes its time from the reward,
    so a return is the negative time to the goal: a circle of `goal_radius` in the plane of position and velocity.
    Forces are constant within a step, and motion is exact.
    """

    observation_size, action_size = 2, 1

    def __init__(self, *, step_s: Seconds = 0.1, goal_radius: Positive = 0.1, episode_steps: Count = 100) -> None:
        self.step_s, self.goal_radius, self.episode_steps = step_s, goal_radius, episode_steps

    def episodes(self, n: int) -> DoubleIntegratorEpisodes:
        """Return n masses."""
        return DoubleIntegratorEpisodes(self, n)


class DoubleIntegratorEpisodes(Episodes):
    """Masses side by side: `states [n, 2]`, position and velocity."""

    def __init__(self, of: DoubleIntegrator, n: int) -> None:
        self.of, self.states, self.made = of, np.zeros((n, 2)), np.zeros(n, dtype=int)

    def begin(self, episode: int, generator: np.random.Generator) -> np.ndarray:
        """Draw position and velocity."""
        self.states[episode], self.made[episode] = generator.uniform(-1, 1, size=2), 0
        return self.states[episode].copy()

    def step(self, episodes: np.ndarray, actions: np.ndarray) -> Moved:
        """Push; a mass that was in the goal before a step needs it all the same."""
        position, velocity = self.states[episodes].T
        force, step_s = actions[:, 0], self.of.step_s
        states = np.stack([position + velocity * step_s + force * step_s**2 / 2, velocity + force * step_s], axis=1)
        self.states[episodes] = states
        self.made[episodes] += 1
        return Moved(
            states,
            np.full(len(states), -step_s),
            np.hypot(*states.T) <= self.of.goal_radius,
            self.made[episodes] >= self.of.episode_steps,
        )
