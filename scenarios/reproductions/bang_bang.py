"""Seyde et al.: policies of the extremes earn what Gaussian ones do, which go to the extremes, until actions cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.control import (
    boundary_mass,
    least_cost,
    minimum_time,
    performance_ratio,
    returns,
    switching_curve,
    time_optimal_force,
)
from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.figures.action_histograms import action_histograms
from hubbub.analysis.figures.policy_maps import policy_maps
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.measuring import measured
from hubbub.scenarios.reproductions.network_rows import network_rows, shortened
from hubbub.scenarios.reproductions.rows import Rows, column, mean
from hubbub.scenarios.running import load_system
from hubbub.scenarios.systems.control import evaluation_rows
from hubbub.simulator.control import Control
from hubbub.simulator.control.environments.double_integrator import DoubleIntegrator
from hubbub.simulator.control.imitation import train_students
from hubbub.simulator.control.rollouts import collect_trajectories
from hubbub.simulator.store import Run
from hubbub.simulator.training.networks import NETWORK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOURCE = "Seyde et al., arXiv 2111.02552"
OPTIMUM = "Bushaw 1953"
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
HEADS = ("gaussian", "bernoulli", "bang-off-bang")
CROSSED = {"gaussian": "bernoulli", "bernoulli": "gaussian"}
"""Teachers and their students."""
EARLY_STEPS = 50
GRID = 81
STILL = 0.01
"""Mean squared action below which an agent does nothing."""


@dataclass(frozen=True)
class Place:
    """An environment and how agents are trained there; `cost` of actions in the setting that has one.

    A return above `learnt` counts as learnt.
    """

    name: str
    title: str
    environment: Mapping[str, Any]
    cost: float
    ppo: Mapping[str, Any]
    learning_rate: float
    steps: int
    seeds: int
    learnt: float


INTEGRATOR = Place(
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
PENDULUM = Place(
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
FULL = tuple(replace(place, steps=4 * place.steps, seeds=20) for place in SMALL)


@reproduction("bang-bang")
def bang_bang(lab: Lab) -> Outcome:
    """Gaussian, Bernoulli and bang-off-bang policies with and without a cost of actions, and students across heads."""
    places = FULL if lab.is_full else SMALL
    runs = lab.run([_job(place) for place in places])
    rows: list[Mapping[str, Any]] = []
    claims: list[Claim] = []
    figures: dict[str, tuple[Figure, str]] = {}
    for place, run, looked_at in zip(places, runs, measured(lab, runs, looked), strict=True):
        found = Found(place, network_rows(run, METRICS), looked_at)
        rows += [{"environment": place.name, **row} for row in (*found.over_steps, *found.at_the_end)]
        claims += _claims(found)
        figures |= _figures(found, run)
    return Outcome("Bang-bang control", claims, shortened(rows), figures, [_settings(places), *REMARKS])


REMARKS = (
    "Returns are those of likeliest actions in whole episodes that begin the same for all agents; actions lie in "
    "[−1, 1], and a cost c takes c·a² from the reward of every step. What counts as equal (within 10 % of what the "
    "Gaussian earns above uniform actions), as piled up (more than half of the actions beyond .95) and as learnt is "
    "ours.",
    "Gaussian heads are those of common PPO: not squashed, clipped by the environment. A drawn action lies at a bound "
    "also because noise carries it there, so the mass is judged by likeliest actions.",
    "Caution: a Bernoulli policy pays the whole cost in every step, whatever it does, so that it loses is arithmetic. "
    "What is learnt is the other side: what the Gaussian saves.",
    "The source trains several algorithms, MPO among them, on the DeepMind Control Suite; PPO on the double "
    "integrator and the pendulum stands for that here.",
)


def _job(place: Place) -> Job:
    agents = len(HEADS) * 2 * place.seeds
    return Job(
        place.name,
        "bang-bang",
        {
            "environment": dict(place.environment),
            "policy.heads": list(HEADS),
            "policy.action_costs": [0, place.cost],
            **{f"ppo.{name}": value for name, value in place.ppo.items()},
            "networks.seeds": place.seeds,
            "networks.learning_rate": [place.learning_rate],
            "training.steps": place.steps,
            "engine.record_every": place.steps // 12,
            "engine.checkpoint_every": place.steps // 4,
            "engine.block_agents": min(agents, 10),
        },
    )


def looked(run: Run) -> list[dict[str, Any]]:
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
        least = _least(built.task)
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


def _least(task: Control) -> dict[str, float]:
    """Return least time to the origin, least cost to the circle, and the law's own time to it, from what is watched."""
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
                action_cost=INTEGRATOR.cost / environment.step_s,
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


@dataclass(frozen=True)
class Found:
    """What was found in one place: rows over the steps, and rows of the end."""

    place: Place
    over_steps: Rows
    at_the_end: Rows

    def of(self, name: str, head: str, cost: float = 0.0) -> Measure:
        """Return the mean over seeds of a column at the end."""
        return over_seeds(self.each(name, head, cost))

    def each(self, name: str, head: str, cost: float = 0.0) -> list[float]:
        """Return a column at the end, seed by seed."""
        where = {"head": head, "action_cost": cost}
        if name in METRICS:
            return column(self.over_steps, name, **where, last=True)
        return column(self.at_the_end, name, **where)

    def less(self, name: str, one: tuple[str, float], other: tuple[str, float]) -> Measure:
        """Return what a column is for one head and cost less what it is for the other, by seed."""
        pairs = zip(self.each(name, *one), self.each(name, *other), strict=True)
        return over_seeds([mine - theirs for mine, theirs in pairs])

    def ratio(self, values: Sequence[float], references: Sequence[float]) -> Measure:
        """Return how much of what references earn above uniform actions is earned."""
        nothing = self.each("uniform_return", "gaussian")
        triples = zip(values, references, nothing, strict=True)
        return over_seeds([performance_ratio(value, other, nothing=none) for value, other, none in triples])


def _claims(found: Found) -> list[Claim]:
    place = found.place
    cost, title = place.cost, place.title

    def told(name: str, metric: str) -> str:
        """Return a metric of all heads, without and with a cost."""
        parts = (
            f"{head} {found.of(metric, head).value:.3g} / {found.of(metric, head, cost).value:.3g}" for head in HEADS
        )
        return f"{name} without / with cost: {', '.join(parts)}"

    worst = over_seeds(
        [float(np.minimum(*pair)) for pair in zip(*(found.each("return", head) for head in CROSSED), strict=True)]
    )
    equal = found.ratio(found.each("return", "bernoulli"), found.each("return", "gaussian"))
    mass = found.of("boundary_mass", "gaussian")
    saved = found.less("return", ("gaussian", cost), ("bernoulli", cost))
    less_mass = found.less("boundary_mass", ("gaussian", cost), ("gaussian", 0.0))
    claims = [
        Claim(
            f"control: they learn ({title})",
            "control",
            "both heads learn the task without a cost of actions",
            "return of the worse of both",
            worst,
            judge(worst, above=place.learnt),
            f"holds above {place.learnt:g}; uniform actions earn {found.of('uniform_return', 'gaussian').value:.4g}",
        ),
        Claim(
            f"equal return ({title})",
            SOURCE,
            "extremes alone earn as much as a Gaussian",
            "what the Bernoulli head earns above uniform actions, over what the Gaussian does, no cost",
            equal,
            judge(equal, within=(0.9, 1.1)),
            told("return", "return"),
        ),
        Claim(
            f"at the bounds ({title})",
            SOURCE,
            "Gaussian agents go to the bounds by themselves",
            "share of likeliest actions beyond .95, no cost",
            mass,
            judge(mass, above=0.5),
            f"in the first {EARLY_STEPS} steps of an episode {found.of('early_boundary_mass', 'gaussian').value:.2f}, "
            f"of drawn actions {found.of('drawn_boundary_mass', 'gaussian').value:.2f}; {told('switches', 'switches')}",
        ),
        Claim(
            f"costs break equality ({title})",
            SOURCE,
            f"with a cost of actions ({cost:g} a step) the extremes earn less",
            "return of the Gaussian less that of the Bernoulli head",
            saved,
            judge(saved, above=0.0),
            told("mean squared action", "squared_action"),
        ),
        Claim(
            f"costs break bounds ({title})",
            SOURCE,
            "with a cost of actions Gaussian agents leave the bounds",
            "share of likeliest actions beyond .95 with cost less that without",
            less_mass,
            judge(less_mass, below=0.0),
            told("share", "boundary_mass"),
        ),
    ]
    for teacher, student in CROSSED.items():
        kept = found.ratio(found.each("student_return", teacher), found.each("return", teacher))
        earned = [found.of(name, teacher).value for name in ("return", "student_return")]
        claims.append(
            Claim(
                f"{student} student ({title})",
                SOURCE,
                f"a {student.capitalize()} head can do what a {teacher.capitalize()} one has learnt",
                f"what a {student} student earns above uniform actions, over what its {teacher} teacher does, no cost",
                kept,
                judge(kept, above=0.9),
                f"teacher {earned[0]:.4g}, student {earned[1]:.4g}",
            )
        )
    off, used = (found.of(name, "bang-off-bang", cost) for name in ("return", "squared_action"))
    more = found.less("return", ("bang-off-bang", cost), ("bernoulli", cost))
    claims.append(
        Claim(
            f"a third value ({title})",
            "ours",
            "with a cost of actions three values, one of them nothing, earn more than two",
            "return of the bang-off-bang head less that of the Bernoulli head, with cost",
            more,
            judge(more, above=0.0),
            f"return {off.value:.3g}, mean squared action {used.value:.2f}"
            + (": by doing nothing, not by controlling better" if used.value < STILL else ""),
        )
    )
    return [*claims, *(_optimum_claims(found) if place.name == INTEGRATOR.name else ())]


def _optimum_claims(found: Found) -> list[Claim]:
    """Return claims about what is optimal for the double integrator."""
    claims = []
    for head in CROSSED:
        shares = zip(found.each("least_time", head), found.each("time", head), strict=True)
        near = over_seeds([least / time for least, time in shares])
        agreement, law, dearest = (found.of(name, head) for name in ("agreement", "law_time", "least_cost"))
        claims.append(
            Claim(
                f"least time ({head})",
                OPTIMUM,
                "without a cost, least time is one switch between the bounds, on x = −½ v|v|",
                f"least time to the origin over the {head} agent's time to the circle of .1 around it",
                near,
                judge(near, above=0.9),
                f"holds above .9; the circle is reached sooner than the origin, so 1 can be passed. The law itself, in "
                f"steps of a tenth, takes {law.value:.2f}, the agent {found.of('time', head).value:.2f}; share of "
                f"forces that are the law's {agreement.value:.2f}. With cost {found.place.cost:g}: return "
                f"{found.of('return', head, found.place.cost).value:.3g}, at best about {-dearest.value:.3g}",
            )
        )
    return claims


def _settings(places: Sequence[Place]) -> str:
    parts = (
        f"{place.title}: {place.seeds} seeds, {place.steps} steps of PPO of {place.ppo['n_envs']} × "
        f"{place.ppo['horizon']} moments, learning rate {place.learning_rate:g}, γ = {place.ppo['discount']}, cost "
        f"{place.cost:g}"
        for place in places
    )
    return "; ".join(parts) + ". Two hidden layers of 64 ReLU units for policy and value each."


def _figures(found: Found, run: Run) -> dict[str, tuple[Figure, str]]:
    place, rows = found.place, found.over_steps
    steps = sorted(set(column(rows, "step")))
    panels = {
        f"{title}, {said}": {
            head: Varied(steps, [mean(rows, name, head=head, action_cost=cost, step=step) for step in steps])
            for head in HEADS
        }
        for name, title in (("return", "return"), ("boundary_mass", "share of actions beyond .95"))
        for cost, said in ((0.0, "no cost"), (place.cost, f"cost {place.cost:g}"))
    }
    built = load_system(run.path)
    seen = built.task.evaluate(built.parameters, built.networks)
    drawn = {}
    for head in HEADS:
        for cost, said in ((0.0, "no cost"), (place.cost, f"cost {place.cost:g}")):
            wanted = {"head": head, "action_cost": cost}
            drawn[f"{head}, {said}"] = seen.actions[[n.of_task == wanted for n in built.networks]]
    figures = {
        f"{place.name}-learning": (
            interval_curves(panels, along="PPO step", limits=None),
            f"Return and share of likeliest actions at the bounds over training, {place.title}; bands: 95 % intervals "
            "over seeds.",
        ),
        f"{place.name}-actions": (
            action_histograms(drawn),
            f"Likeliest actions in whole episodes at the end, all seeds, {place.title}.",
        ),
    }
    if place.name == INTEGRATOR.name:
        figures[f"{place.name}-policies"] = (
            _maps(built, place),
            "Mean over seeds of the likeliest force at every position and velocity; dashed: x = −½ v|v|, where "
            "time-optimal control switches.",
        )
    return figures


def _maps(built: Any, place: Place) -> Figure:
    """Return what policies do in the plane of position and velocity."""
    axis = np.linspace(-1.5, 1.5, GRID)
    position, velocity = np.meshgrid(axis, axis)
    everywhere = np.stack([position, velocity], -1).reshape(-1, 2)
    forces = built.task.most_likely_actions(built.parameters, built.networks, everywhere).reshape(-1, GRID, GRID)
    maps = {}
    for head in HEADS:
        for cost, said in ((0.0, "no cost"), (place.cost, f"cost {place.cost:g}")):
            wanted = {"head": head, "action_cost": cost}
            maps[f"{head}, {said}"] = forces[[n.of_task == wanted for n in built.networks]].mean(0)
    return policy_maps(maps, x=axis, y=axis, curve=switching_curve(axis), x_label="position", y_label="velocity")
