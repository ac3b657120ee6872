"""Environments of Gymnasium, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.simulator.control.catalogue import Environment, Episodes, StepResult, environment
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    import gymnasium

DEFAULT_STEPS = 1000
"""Steps after which an episode is truncated where the environment itself sets no limit."""


@environment("gymnasium")
class GymnasiumNamed(Environment):
    """Any environment of Gymnasium with bounded continuous actions and vectors as observations, by its `name`.

    Actions in [−1, 1] are scaled to the environment's own bounds. Environments of MuJoCo need the extra `mujoco`.
    """

    def __init__(self, *, name: str = "Pendulum-v1") -> None:
        self.name = name
        self._made = [self._make()]
        spaces = self._made[0].action_space, self._made[0].observation_space
        if not _continuous(*spaces):
            raise ConfigurationError(
                f"name: expected an environment with bounded continuous actions and vectors as observations, "
                f"got {name!r} with actions {spaces[0]} and observations {spaces[1]}"
            )
        actions, observations = spaces
        assert actions.shape and observations.shape
        self.action_size, self.observation_size = actions.shape[0], observations.shape[0]
        self.low, self.high = actions.low, actions.high  # type: ignore[attr-defined]
        limit = self._made[0].spec and self._made[0].spec.max_episode_steps
        self.episode_steps = limit or DEFAULT_STEPS

    def episodes(self, n: int) -> GymnasiumEpisodes:
        """Return n episodes; the environments are made once and used again by later calls."""
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
            missing = isinstance(
                error, gymnasium.error.DependencyNotInstalled
            )  # for old versions the message only says that they are gone
            of_mujoco = missing and "mujoco" in str(gymnasium.registry[self.name].entry_point)
            needed = "MuJoCo; install it with: pip install 'hubbub[mujoco]'" if of_mujoco else "another package"
            raise ConfigurationError(f"name: {self.name!r} needs {needed} ({error})") from None


class GymnasiumEpisodes(Episodes):
    """Environments side by side; they are stepped one after the other, because they can do nothing else."""

    def __init__(self, environment: GymnasiumNamed, made: list[gymnasium.Env[Any, Any]]) -> None:
        self.environment, self.made, self.steps = environment, made, np.zeros(len(made), dtype=int)

    def reset(self, episode: int, generator: np.random.Generator) -> Float[np.ndarray, " O"]:
        """Reset an environment with a seed of the generator."""
        self.steps[episode] = 0
        observation, _ = self.made[episode].reset(seed=int(generator.integers(2**31)))
        return np.asarray(observation, dtype=float)

    def step(self, episodes: Int[np.ndarray, " K"], actions: Float[np.ndarray, "K A"]) -> StepResult:
        """Step the environments of these numbers."""
        low, high = self.environment.low, self.environment.high
        own = (low + (actions + 1) / 2 * (high - low)).astype(low.dtype)
        results = [self.made[number].step(action) for number, action in zip(episodes, own, strict=True)]
        observations, rewards, terminated, truncated, _ = zip(*results, strict=True)
        self.steps[episodes] += 1
        return StepResult(
            np.asarray(observations, dtype=float),
            np.asarray(rewards, dtype=float),
            np.asarray(terminated),
            np.asarray(truncated) | (self.steps[episodes] >= self.environment.episode_steps),
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
