"""A mass on a line that is to come to rest at the origin."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from hubbub.simulator.control.catalogue import Environment, Episodes, StepResult, environment

Positive = Annotated[float, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0, le=1000)]
Count = Annotated[int, Field(ge=1)]


@environment("double-integrator")
class DoubleIntegrator(Environment):
    """A unit mass on a line, pushed by a force in [−1, 1], that is to be at rest at the origin as soon as possible.

    Position and velocity at the start are uniform in [−1, 1]. The reward of every step is −`step_s`, so a return is
    the negative time to the goal: a circle of `goal_radius` in the plane of position and velocity. Forces are constant
    within a step, and the motion is computed exactly.
    """

    observation_size, action_size = 2, 1

    def __init__(self, *, step_s: Seconds = 0.1, goal_radius: Positive = 0.1, episode_steps: Count = 100) -> None:
        self.step_s, self.goal_radius, self.episode_steps = step_s, goal_radius, episode_steps

    def episodes(self, n: int) -> DoubleIntegratorEpisodes:
        """Return n masses."""
        return DoubleIntegratorEpisodes(self, n)


class DoubleIntegratorEpisodes(Episodes):
    """Masses side by side: `states [n, 2]`, position and velocity."""

    def __init__(self, environment: DoubleIntegrator, n: int) -> None:
        self.environment, self.states, self.steps = environment, np.zeros((n, 2)), np.zeros(n, dtype=int)

    def reset(self, episode: int, generator: np.random.Generator) -> Float[np.ndarray, " O"]:
        """Draw position and velocity."""
        self.states[episode], self.steps[episode] = generator.uniform(-1, 1, size=2), 0
        return self.states[episode].copy()

    def step(self, episodes: Int[np.ndarray, " K"], actions: Float[np.ndarray, "K A"]) -> StepResult:
        """Apply the forces for one step; an episode that starts inside the goal takes a step too."""
        position, velocity = self.states[episodes].T
        force, step_s = actions[:, 0], self.environment.step_s
        states = np.stack([position + velocity * step_s + force * step_s**2 / 2, velocity + force * step_s], axis=1)
        self.states[episodes] = states
        self.steps[episodes] += 1
        return StepResult(
            states,
            np.full(len(states), -step_s),
            np.hypot(*states.T) <= self.environment.goal_radius,
            self.steps[episodes] >= self.environment.episode_steps,
        )
