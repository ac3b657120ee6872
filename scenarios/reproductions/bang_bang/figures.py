"""The figures of the reproduction `bang-bang`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.control import switching_curve
from hubbub.analysis.figures import interval_curves
from hubbub.analysis.figures.action_histograms import action_histograms
from hubbub.analysis.figures.policy_maps import policy_maps
from hubbub.scenarios.reproductions.bang_bang.environments import HEADS, INTEGRATOR, Environment
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table
from hubbub.scenarios.running import load_system
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GRID = 81


def figures(table: Table, runs: MadeRuns, *, environments: Sequence[Environment]) -> Figures:
    """Draw learning curves, actions, and policies in the plane where there is one."""
    drawn: dict[str, tuple[Figure, str]] = {}
    for of in environments:
        drawn |= _of_environment(of, table.where(environment=of.name), runs.find(environment=of.name))
    return drawn


def _of_environment(environment: Environment, table: Table, run: Run) -> dict[str, tuple[Figure, str]]:
    panels = {
        f"{title}, {said}": table.having("step").where(action_cost=cost).curves("head", "step", name)
        for name, title in (("return", "return"), ("boundary_mass", "share of actions beyond .95"))
        for cost, said in environment.costs.items()
    }
    built = load_system(run.path)
    actions = built.task.evaluate(built.parameters, built.networks).actions
    chosen = {
        f"{head}, {said}": [n.of_task == {"head": head, "action_cost": cost} for n in built.networks]
        for head in HEADS
        for cost, said in environment.costs.items()
    }
    drawn: dict[str, tuple[Figure, str]] = {
        f"{environment.name}-learning": (
            interval_curves(panels, along="PPO step", limits=None),
            f"Return and share of likeliest actions at the bounds over training, {environment.title}; bands: 95 % "
            "intervals over seeds.",
        ),
        f"{environment.name}-actions": (
            action_histograms({name: actions[agents] for name, agents in chosen.items()}),
            f"Likeliest actions in whole episodes at the end, all seeds, {environment.title}.",
        ),
    }
    if environment.name == INTEGRATOR.name:
        axis = np.linspace(-1.5, 1.5, GRID)
        plane = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)  # position and velocity
        forces = built.task.most_likely_actions(built.parameters, built.networks, plane).reshape(-1, GRID, GRID)
        maps = {name: forces[agents].mean(0) for name, agents in chosen.items()}
        drawn[f"{environment.name}-policies"] = (
            policy_maps(maps, x=axis, y=axis, curve=switching_curve(axis), x_label="position", y_label="velocity"),
            "Mean over seeds of the likeliest force at every position and velocity; dashed: x = −½ v|v|, where "
            "time-optimal control switches.",
        )
    return drawn
