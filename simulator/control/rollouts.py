"""What S agents do in many environments side by side: rollouts of a fixed length, and whole episodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float

from hubbub.simulator.control.catalogue import Environment, StepResult, reset_all
from hubbub.simulator.errors import RunError

Act: TypeAlias = Callable[[int, np.ndarray], np.ndarray]
"""(step, observations `[S, C, O]`) → actions `[S, C, A]`; environments get them clipped to [−1, 1]."""
EpisodeGenerator: TypeAlias = Callable[[int, int, int], np.random.Generator]
"""(agent, environment, number of episodes that it finished before) → the random generator of an episode."""


@dataclass(frozen=True)
class Rollout:
    """T steps of S agents in C environments each, `[S, T, C, …]`.

    Attributes
    ----------
    observations, next_observations
        Observations before and after each action, `[S, T, C, O]`.
    actions
        Actions as drawn, not clipped, `[S, T, C, A]`.
    rewards
        Rewards, `[S, T, C]`.
    terminated
        Steps that ended an episode after which no reward can follow, `[S, T, C]`.
    ended
        Steps that ended an episode, by termination or truncation, `[S, T, C]`.
    """

    observations: Float[np.ndarray, "S T C O"]
    actions: Float[np.ndarray, "S T C A"]
    next_observations: Float[np.ndarray, "S T C O"]
    rewards: Float[np.ndarray, "S T C"]
    terminated: Bool[np.ndarray, "S T C"]
    ended: Bool[np.ndarray, "S T C"]


@dataclass(frozen=True)
class Trajectories:
    """One whole episode of S agents in each of C environments, `[S, C, T, …]`; NaN after the end of an episode.

    Attributes
    ----------
    observations
        Observations before each action, `[S, C, T, O]`.
    actions
        Actions as the environment got them, clipped to [−1, 1], `[S, C, T, A]`.
    rewards
        Rewards of the environment, without the cost of actions, `[S, C, T]`.
    """

    observations: Float[np.ndarray, "S C T O"]
    actions: Float[np.ndarray, "S C T A"]
    rewards: Float[np.ndarray, "S C T"]


def checked(result: StepResult, actions: Float[np.ndarray, "N A"]) -> StepResult:
    """Return the result of a step; raise `RunError` where finite actions lead to numbers that are not finite.

    An agent that has diverged acts with numbers that are not finite: what it then gets is not the environment's fault.
    """
    finite = np.isfinite(actions).all(-1)
    for name in ("rewards", "observations"):
        if not np.isfinite(values := getattr(result, name)[finite]).all():
            wrong = values[~np.isfinite(values)].flat[0]
            raise RunError(f"environment: expected finite {name}, got {wrong}; nothing can be learned from it")
    return result


def collect_rollout(
    environment: Environment, act: Act, generator_of: EpisodeGenerator, *, agents: int, n_envs: int, steps: int
) -> Rollout:
    """Return `steps` steps of every agent in each of its environments; when an episode ends, another one starts."""
    n = agents * n_envs
    generators = [generator_of(agent, env, 0) for agent in range(agents) for env in range(n_envs)]
    episodes, current = reset_all(environment, generators)
    finished, every, rows = np.zeros(n, dtype=int), np.arange(n), []
    for step in range(steps):
        actions = act(step, current.reshape(agents, n_envs, -1)).reshape(n, -1)
        result = checked(episodes.step(every, actions.clip(-1, 1)), actions)
        ended = result.terminated | result.truncated
        rows.append((current, actions, result.observations, result.rewards, result.terminated, ended))
        current = result.observations.copy()
        for number in np.flatnonzero(ended):
            finished[number] += 1
            agent, env = divmod(int(number), n_envs)
            current[number] = episodes.reset(int(number), generator_of(agent, env, int(finished[number])))
    parts = (np.stack(part).reshape(steps, agents, n_envs, *part[0].shape[1:]) for part in zip(*rows, strict=True))
    return Rollout(*(part.swapaxes(0, 1) for part in parts))


def collect_trajectories(
    environment: Environment, act: Act, generator_of: EpisodeGenerator, *, agents: int, n_envs: int
) -> Trajectories:
    """Return one whole episode of every agent in each of its environments."""
    n, steps = agents * n_envs, environment.episode_steps
    generators = [generator_of(agent, env, 0) for agent in range(agents) for env in range(n_envs)]
    episodes, current = reset_all(environment, generators)
    sizes = (environment.observation_size, environment.action_size)
    observations, actions = (np.full((n, steps, size), np.nan) for size in sizes)
    rewards, running = np.full((n, steps), np.nan), np.arange(n)
    for step in range(steps):
        chosen = act(step, current.reshape(agents, n_envs, -1)).reshape(n, -1).clip(-1, 1)
        result = checked(episodes.step(running, chosen[running]), chosen[running])
        observations[running, step], actions[running, step] = current[running], chosen[running]
        rewards[running, step], current[running] = result.rewards, result.observations
        running = running[~(result.terminated | result.truncated)]
        if not len(running):
            break
    return Trajectories(*(part.reshape(agents, n_envs, *part.shape[1:]) for part in (observations, actions, rewards)))
