from __future__ import annotations

import numpy as np

from hubbub.simulator.control.catalogue import Environment, Episodes, StepResult
from hubbub.simulator.control.rollouts import collect_rollout, collect_trajectories


class Countdown(Environment):
    """Observes how many steps are left, which are 1 to 4 at the start; a step earns what is left."""

    observation_size, action_size, episode_steps = 1, 1, 4

    def episodes(self, n: int) -> Episodes:
        return CountdownEpisodes(n)


class CountdownEpisodes(Episodes):
    def __init__(self, n: int) -> None:
        self.left = np.zeros(n)

    def reset(self, episode: int, generator: np.random.Generator) -> np.ndarray:
        self.left[episode] = generator.integers(1, 5)
        return self.left[[episode]].copy()

    def step(self, episodes: np.ndarray, actions: np.ndarray) -> StepResult:
        rewards = self.left[episodes].copy()
        self.left[episodes] -= 1
        over = self.left[episodes] == 0
        return StepResult(self.left[episodes, None].copy(), rewards, over, np.zeros_like(over))


def generator_of(agent: int, env: int, finished: int) -> np.random.Generator:
    return np.random.default_rng([agent, env, finished])


def act(step: int, observations: np.ndarray) -> np.ndarray:
    return observations + 10 * step


def test_an_episode_that_ends_is_followed_by_another() -> None:
    got = collect_rollout(Countdown(), act, generator_of, agents=2, n_envs=3, steps=9)
    for agent in range(2):
        for env in range(3):
            lengths = [int(generator_of(agent, env, finished).integers(1, 5)) for finished in range(9)]
            seen = [left for length in lengths for left in range(length, 0, -1)][:9]
            assert got.observations[agent, :, env, 0].tolist() == seen
            assert got.rewards[agent, :, env].tolist() == seen
            assert got.next_observations[agent, :, env, 0].tolist() == [left - 1 for left in seen]
            assert got.ended[agent, :, env].tolist() == [left == 1 for left in seen]
            assert got.actions[agent, :, env, 0].tolist() == [left + 10 * step for step, left in enumerate(seen)]


def test_a_trajectory_is_nan_after_the_end_of_its_episode() -> None:
    seen = collect_trajectories(
        Countdown(), lambda step, observations: 0.1 * observations, generator_of, agents=2, n_envs=3
    )
    for agent in range(2):
        for env in range(3):
            length = int(generator_of(agent, env, 0).integers(1, 5))
            expected = np.array([*range(length, 0, -1)] + [np.nan] * (4 - length))
            assert np.array_equal(seen.rewards[agent, env], expected, equal_nan=True)
            assert np.allclose(seen.actions[agent, env, :, 0], 0.1 * expected, equal_nan=True)
