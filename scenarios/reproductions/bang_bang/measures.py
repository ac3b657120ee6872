"""What agents do at every record and at the end, and what their students learn from them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hubbub.analysis.control import boundary_mass, least_cost, minimum_time, returns, time_optimal_force
from hubbub.scenarios.reproductions.network_rows import network_rows
from hubbub.scenarios.reproductions.table import Rows
from hubbub.scenarios.running import load_system
from hubbub.scenarios.systems.control import evaluation_rows
from hubbub.simulator.control import Control
from hubbub.simulator.control.environments.double_integrator import DoubleIntegrator
from hubbub.simulator.control.imitation import train_students
from hubbub.simulator.control.rollouts import collect_trajectories
from hubbub.simulator.store import Run
from hubbub.simulator.training.networks import NETWORK

METRICS = (
    "return",
    "reward",
    "boundary_mass",
    "squared_action",
    "switches",
    "entropy",
    "drawn_return",
    "drawn_boundary_mass",
)
CROSSED = {"gaussian": "bernoulli", "bernoulli": "gaussian"}
"""Teachers and their students."""
EARLY_STEPS = 50


def measure(run: Run) -> Rows:
    """Return the metrics of every agent at every record, and what it does at the end."""
    return [*network_rows(run, METRICS), *at_the_end(run)]


def at_the_end(run: Run) -> Rows:
    """Return what every agent of a run does at its end that a record does not tell, and what its students do.

    `student_return` is that of a student of the other head, which saw episodes of an agent without a cost of actions.
    """
    built = load_system(run.path)
    seen = built.task.evaluate(built.parameters, built.networks)
    rows: list[dict[str, Any]] = [
        {
            "seed": network.seed,
            **network.of_task,
            "uniform_return": built.task.normalisation.uniform_return,
            "student_return": math.nan,
        }
        for network in built.networks
    ]
    early = boundary_mass(seen.actions[:, :, :EARLY_STEPS])
    for row, mass in zip(rows, early, strict=True):
        row["early_boundary_mass"] = float(mass)
    if run.configuration["environment"]["kind"] == "double-integrator":
        least = _least(built.task, max(run.configuration["policy"]["action_costs"]))
        for row, observations, actions, rewards in zip(
            rows, seen.observations, seen.actions, seen.rewards, strict=True
        ):
            row |= least | _against_law(observations, actions, rewards)
    for teacher, student in CROSSED.items():
        numbers = [n for n, row in enumerate(rows) if row["head"] == teacher and not row["action_cost"]]
        students = train_students(built, numbers, head=student)
        for metric in evaluation_rows(students):
            if metric["name"] == "return":
                rows[numbers[metric[NETWORK]]]["student_return"] = metric["value"]
    return rows


def _least(task: Control, cost: float) -> dict[str, float]:
    """Return least time to the origin, least cost to the circle, and the law's own time to it, from the evaluation."""
    environment = task.environment
    assert isinstance(environment, DoubleIntegrator)

    def law(step: int, observations: np.ndarray) -> np.ndarray:
        return time_optimal_force(observations[..., 0], observations[..., 1])[..., None]

    seen = collect_trajectories(
        environment, law, task.episode_generator("watched"), agents=1, n_envs=task.ppo.eval_episodes
    )
    starts = seen.observations[0, :, 0].T
    return {
        "least_time": float(minimum_time(*starts).mean()),
        "least_cost": float(
            least_cost(
                *starts,
                action_cost=cost / environment.step_s,
                radius=environment.goal_radius,
                longest=environment.episode_steps * environment.step_s,
            ).mean()
        ),
        "law_time": float(-returns(seen.rewards)[0]),
    }


def _against_law(observations: np.ndarray, actions: np.ndarray, rewards: np.ndarray) -> dict[str, float]:
    """Return the mean time of episodes `[C, T, 2]`, and the share of forces that are those of the law."""
    there = ~np.isnan(actions[..., 0])
    forces = time_optimal_force(observations[there][:, 0], observations[there][:, 1])
    return {
        "time": float(-returns(rewards[None])[0]),
        "agreement": float((np.sign(actions[there][:, 0]) == forces).mean()),
    }
