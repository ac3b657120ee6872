from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from hubbub.analysis.control import minimum_time, returns, time_optimal_force
from hubbub.simulator.control.environments.double_integrator import DoubleIntegrator
from hubbub.simulator.control.rollouts import collect_trajectories


def pushed_from(states: list[tuple[float, float]], of: DoubleIntegrator) -> tuple[np.ndarray, np.ndarray]:
    """Return times and last states of masses that are pushed as is best."""
    episodes, going = of.episodes(len(states)), np.arange(len(states))
    for number in going:
        episodes.reset(int(number), np.random.default_rng(0))
    episodes.states[:] = states
    times = np.zeros(len(states))
    while len(going):
        forces = time_optimal_force(*episodes.states[going].T)
        result = episodes.step(going, forces[:, None])
        times[going] -= result.rewards
        going = going[~(result.terminated | result.truncated)]
    return times, episodes.states


def test_the_optimal_force_takes_the_least_time() -> None:
    starts = [(1.0, 0.0), (-1.0, 0.0), (0.5, 1.0), (-0.2, -0.9), (0.3, -1.2)]
    times, ends = pushed_from(starts, DoubleIntegrator(step_s=0.001, goal_radius=0.01, episode_steps=5000))
    assert times[0] == pytest.approx(2.0, abs=0.02)
    assert times == pytest.approx(minimum_time(*np.array(starts).T), abs=0.02)
    assert np.hypot(*ends.T).max() <= 0.01


def test_motion_is_exact_and_a_step_costs_its_time() -> None:
    episodes = DoubleIntegrator(step_s=0.5).episodes(2)
    episodes.states[:] = [(1.0, -2.0), (0.0, 1.0)]
    result = episodes.step(np.array([1]), np.array([[-1.0]]))
    assert result.observations.tolist() == [[0.5 - 0.125, 0.5]]
    assert result.rewards.tolist() == [-0.5]
    assert episodes.states[0].tolist() == [1.0, -2.0]


def test_an_episode_ends_in_the_goal_or_when_its_time_is_over() -> None:
    episodes = DoubleIntegrator(episode_steps=2).episodes(2)
    episodes.states[:] = [(0.05, 0.0), (1.0, 0.0)]
    first = episodes.step(np.array([0, 1]), np.zeros((2, 1)))
    second = episodes.step(np.array([1]), np.zeros((1, 1)))
    assert first.terminated.tolist() == [True, False] and first.truncated.tolist() == [False, False]
    assert second.terminated.tolist() == [False] and second.truncated.tolist() == [True]
    episodes.reset(1, np.random.default_rng(0))
    assert not episodes.step(np.array([1]), np.zeros((1, 1))).truncated[0]


def test_with_a_cost_three_values_can_earn_more_than_nothing_does() -> None:
    """A policy found backward on a coarse grid, and played: agents that do nothing could do better."""
    size, of = 121, DoubleIntegrator()
    axis, forces = np.linspace(-3, 3, size), np.array([-1.0, 0.0, 1.0])
    goal, step_s = of.goal_radius, of.step_s

    def worth(position: np.ndarray, velocity: np.ndarray, later: np.ndarray) -> np.ndarray:
        after = [
            position[..., None] + velocity[..., None] * step_s + forces * step_s**2 / 2,
            velocity[..., None] + forces * step_s,
        ]
        at = [(to + 3) / 6 * (size - 1) for to in after]
        following = np.where(np.hypot(*after) <= goal, 0.0, map_coordinates(later, at, order=1, mode="nearest"))
        return -step_s - forces**2 + following

    values = [np.zeros((size, size))]
    for _ in range(of.episode_steps):
        values.append(worth(*np.meshgrid(axis, axis, indexing="ij"), values[-1]).max(-1))

    def planned(step: int, observations: np.ndarray) -> np.ndarray:
        ahead = worth(observations[..., 0], observations[..., 1], values[of.episode_steps - 1 - step])
        return forces[ahead.argmax(-1)][..., None]

    def generator_of(agent: int, env: int, finished: int) -> np.random.Generator:
        return np.random.default_rng(env)

    earned = []
    for act in (planned, lambda step, observations: np.zeros((*observations.shape[:-1], 1))):
        seen = collect_trajectories(of, act, generator_of, agents=1, n_envs=32)
        earned.append(returns(seen.rewards, seen.actions, [1.0])[0])
    assert earned[0] > earned[1] + 1
