"""Environments of Gymnasium, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.simulator.control.catalogue import Environment, Episodes, Moved, environment
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    import gymnasium

UNLIMITED = 1000
"""Steps after which an episode is cut where the environment itself sets no limit."""


@environment("gymnasium")
class GymnasiumNamed(Environment):
    """Any environment of Gymnasium with bounded continuous actions and a vector to observe, by its `name`.

    Actions in [−1, 1] are stretched to the environment's own bounds. Those of MuJoCo need the extra `mujoco`.
    """

    def __init__(self, *, name: str = "Pendulum-v1") -> None:
        self.name = name
        self._made = [self._make()]
        spaces = self._made[0].action_space, self._made[0].observation_space
        if not _continuous(*spaces):
            raise ConfigurationError(
                f"name: expected an environment with bounded continuous actions and a vector to observe, got {name!r} "
                f"with actions {spaces[0]} and observations {spaces[1]}"
            )
        actions, observations = spaces
        assert actions.shape and observations.shape
        self.action_size, self.observation_size = actions.shape[0], observations.shape[0]
        self.low, self.high = actions.low, actions.high  # type: ignore[attr-defined]
        limit = self._made[0].spec and self._made[0].spec.max_episode_steps
        self.episode_steps = limit or UNLIMITED

    def episodes(self, n: int) -> GymnasiumEpisodes:
        """Return n episodes; the environments are made once and played in again and again."""
        self._made += [self._make() for _ in range(n - len(self._made))]
        return GymnasiumEpisodes(self, self._made[:n])

    def _make(self) -> gymnasium.Env[Any, Any]:
        import gymnasium

        if self.name not in gymnasium.registry:
            known = "an environment that Gymnasium knows, such as Pendulum-v1 or MountainCarContinuous-v0"
            raise ConfigurationError(complaint("name", expected=known, got=self.name, valid=gymnasium.registry))
        try:
            return gymnasium.make(self.name, disable_env_checker=True)
        except (gymnasium.error.DependencyNotInstalled, ImportError) as error:
            missing = isinstance(error, gymnasium.error.DependencyNotInstalled)  # old versions are only told to be gone
            of_mujoco = missing and "mujoco" in str(gymnasium.registry[self.name].entry_point)
            needed = "MuJoCo; install it with: pip install 'hubbub[mujoco]'" if of_mujoco else "another package"
            raise ConfigurationError(f"name: {self.name!r} needs {needed} ({error})") from None


class GymnasiumEpisodes(Episodes):
    """Environments side by side, stepped one after the other: what is in them is not known here."""

    def __init__(self, of: GymnasiumNamed, played: list[gymnasium.Env[Any, Any]]) -> None:
        self.of, self.played, self.made = of, played, np.zeros(len(played), dtype=int)

    def begin(self, episode: int, generator: np.random.Generator) -> np.ndarray:
        """Reset an environment with a seed of the generator."""
        self.made[episode] = 0
        observation, _ = self.played[episode].reset(seed=int(generator.integers(2**31)))
        return np.asarray(observation, dtype=float)

    def step(self, episodes: np.ndarray, actions: np.ndarray) -> Moved:
        """Step the environments of these numbers."""
        low, high = self.of.low, self.of.high
        own = (low + (actions + 1) / 2 * (high - low)).astype(low.dtype)
        moved = [self.played[number].step(action) for number, action in zip(episodes, own, strict=True)]
        observations, rewards, terminated, truncated, _ = zip(*moved, strict=True)
        self.made[episodes] += 1
        return Moved(
            np.asarray(observations, dtype=float),
            np.asarray(rewards, dtype=float),
            np.asarray(terminated),
            np.asarray(truncated) | (self.made[episodes] >= self.of.episode_steps),
        )


def _continuous(actions: Any, observations: Any) -> bool:
    from gymnasium.spaces import Box

    return (
        isinstance(actions, Box)
        and isinstance(observations, Box)
        and len(actions.shape) == len(observations.shape) == 1
        and np.issubdtype(actions.dtype, np.floating)
        and bool(np.isfinite(actions.low).all() and np.isfinite(actions.high).all())
    )
