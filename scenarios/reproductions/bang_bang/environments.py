"""The environments, and how agents are trained in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hubbub.scenarios.reproductions.bang_bang.measures import measure
from hubbub.scenarios.reproductions.design import Design

HEADS = ("gaussian", "bernoulli", "bang-off-bang")


@dataclass(frozen=True)
class Environment:
    """An environment and how agents are trained there; `cost` of actions in the setting that has one.

    A return above `learnt` counts as learnt.
    """

    name: str
    title: str
    section: Mapping[str, Any]
    cost: float
    ppo: Mapping[str, Any]
    learning_rate: float
    steps: int
    seeds: int
    learnt: float

    @property
    def costs(self) -> dict[float, str]:
        """Costs of actions, and how they are called."""
        return {0.0: "no cost", self.cost: f"cost {self.cost:g}"}

    def design(self) -> Design:
        """Return the one run, which holds agents of all heads, costs and seeds."""
        changes = {
            "environment": dict(self.section),
            "policy.heads": list(HEADS),
            "policy.action_costs": [0, self.cost],
            **{f"ppo.{name}": value for name, value in self.ppo.items()},
            "networks.seeds": self.seeds,
            "networks.learning_rate": [self.learning_rate],
            "training.steps": self.steps,
            "engine.record_every": self.steps // 12,
            "engine.checkpoint_every": self.steps // 4,
            "engine.block_agents": min(len(HEADS) * 2 * self.seeds, 10),
        }
        return Design("bang-bang", self.name, measure, common=changes, labels={"environment": self.name}, is_slow=True)


INTEGRATOR = Environment(
    "double-integrator",
    "double integrator",
    {"kind": "double-integrator"},
    1.0,
    {"n_envs": 32, "horizon": 100, "epochs": 5, "minibatches": 4, "discount": 0.97, "eval_episodes": 32},
    3e-4,
    120,
    5,
    -2.5,
)
PENDULUM = Environment(
    "pendulum",
    "pendulum",
    {"kind": "gymnasium", "name": "Pendulum-v1"},
    1.0,
    {
        "n_envs": 12,
        "horizon": 200,
        "epochs": 6,
        "minibatches": 4,
        "discount": 0.95,
        "entropy_weight": 0.005,
        "eval_episodes": 20,
    },
    5e-4,
    60,
    5,
    -250.0,
)
SMALL = (INTEGRATOR, PENDULUM)
FULL = tuple(replace(environment, steps=4 * environment.steps, seeds=20) for environment in SMALL)
