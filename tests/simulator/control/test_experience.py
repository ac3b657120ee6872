from __future__ import annotations

import numpy as np

from hubbub.simulator.control.catalogue import Environment, Episodes, Moved
from hubbub.simulator.control.experience import collected, watched


class Countdown(Environment):
    """Observes how many steps are left, which are 1 to 4 at the start; a step earns what is left."""

    observation_size, action_size, episode_steps = 1, 1, 4

    def episodes(self, n: int) -> Episodes:
        return CountdownEpisodes(n)


class CountdownEpisodes(Episodes):
    def __init__(self, n: int) -> None:
        self.left = np.zeros(n)

    def begin(self, episode: int, generator: np.random.Generator) -> np.ndarray:
        self.left[episode] = generator.integers(1, 5)
        return self.left[[episode]].copy()

    def step(self, episodes: np.ndarray, actions: np.ndarray) -> Moved:
        rewards = self.left[episodes].copy()
        self.left[episodes] -= 1
        over = self.left[episodes] == 0
        return Moved(self.left[episodes, None].copy(), rewards, over, np.zeros_like(over))


def begin(agent: int, copy: int, had: int) -> np.random.Generator:
    return np.random.default_rng([agent, copy, had])


def act(step: int, observations: np.ndarray) -> np.ndarray:
    return observations + 10 * step


def test_an_episode_that_ends_is_followed_by_another() -> None:
    got = collected(Countdown(), act, begin, agents=2, copies=3, steps=9)
    for agent in range(2):
        for copy in range(3):
            lengths = [int(begin(agent, copy, had).integers(1, 5)) for had in range(9)]
            seen = [left for length in lengths for left in range(length, 0, -1)][:9]
            assert got.observations[agent, :, copy, 0].tolist() == seen
            assert got.rewards[agent, :, copy].tolist() == seen
            assert got.next_observations[agent, :, copy, 0].tolist() == [left - 1 for left in seen]
            assert got.ended[agent, :, copy].tolist() == [left == 1 for left in seen]
            assert got.actions[agent, :, copy, 0].tolist() == [left + 10 * step for step, left in enumerate(seen)]


def test_an_episode_that_is_watched_is_nothing_after_its_end() -> None:
    seen = watched(Countdown(), lambda step, observations: 0.1 * observations, begin, agents=2, copies=3)
    for agent in range(2):
        for copy in range(3):
            length = int(begin(agent, copy, 0).integers(1, 5))
            expected = np.array([*range(length, 0, -1)] + [np.nan] * (4 - length))
            assert np.array_equal(seen.rewards[agent, copy], expected, equal_nan=True)
            assert np.allclose(seen.actions[agent, copy, :, 0], 0.1 * expected, equal_nan=True)
