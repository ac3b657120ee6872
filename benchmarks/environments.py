"""Steps of an environment per second: many games in one step, against one game at a time.

    python benchmarks/environments.py [--copies 16 64 256] [--seconds 1]

Actions are random and drawn beforehand, so only the environments are timed. A step of a `VectorEnv` with c copies
counts as c steps of the environment of one population, a step with E games of one agent as E. Both ways alternate
three times; the table shows the most steps per second of processor time of each, and the ratio.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from hubbub.simulator.games.environments import reconstruction_v0

GRAPH = "karate"


class RandomPartners:
    """Partners that say and answer nothing but 0, so that their own work is not counted."""

    def speak(self, agents: NDArray[np.int64], objects: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return messages of four symbols."""
        return np.zeros((len(agents), 4), np.int64)

    def listen(
        self, agents: NDArray[np.int64], messages: NDArray[np.int64], candidates: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        """Return three attributes."""
        return np.zeros((len(agents), 3), np.int64)


def population(flat: bool) -> Callable[[], None]:
    """Return one step of the parallel environment."""
    env = reconstruction_v0.parallel_env(topology=GRAPH, flat=flat, seed=0)
    env.reset()
    actions = {agent: env.action_space(agent).sample() for agent in env.possible_agents}

    def step() -> None:
        if not env.agents:
            env.reset()
        env.step(actions)

    return step


def vector(env: Any) -> Callable[[], None]:
    """Return one step of a vector environment."""
    env.reset(seed=0)
    actions = env.action_space.sample()
    return lambda: env.step(actions)


def one_agent() -> Callable[[], None]:
    """Return one step of the environment of one agent."""
    env = reconstruction_v0.one_agent_env(topology=GRAPH, partners=RandomPartners(), seed=0)
    env.reset()
    action = env.action_space.sample()

    def step() -> None:
        if env.step(action)[3]:
            env.reset()

    return step


def per_second(step: Callable[[], None], seconds: float) -> float:
    """Return steps per second of processor time."""
    n_steps, began = 0, time.process_time()
    while (took := time.process_time() - began) < seconds:
        step()
        n_steps += 1
    return n_steps / took


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, nargs="+", default=[16, 64, 256])
    parser.add_argument("--seconds", type=float, default=1.0)
    given = parser.parse_args()
    torch.set_num_threads(1)
    rows: list[tuple[str, Callable[[], None], Callable[[], None], int]] = [
        ("population, arrays", population(False), population(True), 1)
    ]
    for n in given.copies:
        many = reconstruction_v0.vector_env(topology=GRAPH, copies=n)
        rows.append((f"population, {n} copies", population(False), vector(many), n))
    for n in given.copies:
        games = reconstruction_v0.one_agent_vector_env(n, topology=GRAPH, partners=RandomPartners())
        rows.append((f"one agent, {n} games", one_agent(), vector(games), n))
    print("steps per second              one at a time     this way    ratio")
    for name, single, many_at_once, n in rows:
        single_rate, rate = 0.0, 0.0
        for _ in range(3):
            single_rate = max(single_rate, per_second(single, given.seconds))
            rate = max(rate, n * per_second(many_at_once, given.seconds))
        print(f"{name:<28} {single_rate:>14,.0f} {rate:>12,.0f} {rate / single_rate:>8.1f}")


if __name__ == "__main__":
    main()
