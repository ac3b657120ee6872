"""Episodes of S agents, many of each, played side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from hubbub.simulator.control.catalogue import Environment, begin_all

Act: TypeAlias = Callable[[int, np.ndarray], np.ndarray]
"""(step, observations `[S, C, O]`) → actions `[S, C, A]`, of which environments see what lies in [−1, 1]."""
Begin: TypeAlias = Callable[[int, int, int], np.random.Generator]
"""(agent, copy, how many episodes this copy had before) → the luck of an episode."""


@dataclass(frozen=True)
class Experience:
    """What agents saw, did and got, `[S, T, C, …]`: `observations` before and `next_observations` after each action.

    Actions are as drawn. Nothing follows an episode that `ended`, no reward one that `terminated`.
    """

    observations: np.ndarray
    actions: np.ndarray
    next_observations: np.ndarray
    rewards: np.ndarray
    terminated: np.ndarray
    ended: np.ndarray


@dataclass(frozen=True)
class Watched:
    """One whole episode in each of C copies, `[S, C, T, …]` in the order of time; NaN after its end.

    `actions` are those that the environment saw, `rewards` its own, without a cost of actions.
    """

    observations: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray


def collected(environment: Environment, act: Act, begin: Begin, *, agents: int, copies: int, steps: int) -> Experience:
    """Return `steps` steps of every copy of every agent; an episode that ends is followed by another one."""
    n = agents * copies
    episodes, now = begin_all(environment, [begin(agent, copy, 0) for agent in range(agents) for copy in range(copies)])
    had, every, rows = np.zeros(n, dtype=int), np.arange(n), []
    for step in range(steps):
        actions = act(step, now.reshape(agents, copies, -1)).reshape(n, -1)
        moved = episodes.step(every, actions.clip(-1, 1))
        ended = moved.terminated | moved.truncated
        rows.append((now, actions, moved.observations, moved.rewards, moved.terminated, ended))
        now = moved.observations.copy()
        for number in np.flatnonzero(ended):
            had[number] += 1
            agent, copy = divmod(int(number), copies)
            now[number] = episodes.begin(int(number), begin(agent, copy, int(had[number])))
    parts = (np.stack(part).reshape(steps, agents, copies, *part[0].shape[1:]) for part in zip(*rows, strict=True))
    return Experience(*(part.swapaxes(0, 1) for part in parts))


def watched(environment: Environment, act: Act, begin: Begin, *, agents: int, copies: int) -> Watched:
    """Return one whole episode in every copy of every agent."""
    n, steps = agents * copies, environment.episode_steps
    episodes, now = begin_all(environment, [begin(agent, copy, 0) for agent in range(agents) for copy in range(copies)])
    sizes = (environment.observation_size, environment.action_size)
    observations, actions = (np.full((n, steps, size), np.nan) for size in sizes)
    rewards, going = np.full((n, steps), np.nan), np.arange(n)
    for step in range(steps):
        drawn = act(step, now.reshape(agents, copies, -1)).reshape(n, -1).clip(-1, 1)
        moved = episodes.step(going, drawn[going])
        observations[going, step], actions[going, step] = now[going], drawn[going]
        rewards[going, step], now[going] = moved.rewards, moved.observations
        going = going[~(moved.terminated | moved.truncated)]
        if not len(going):
            break
    return Watched(*(part.reshape(agents, copies, *part.shape[1:]) for part in (observations, actions, rewards)))
