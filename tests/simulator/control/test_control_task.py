from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.func import functional_call

from hubbub.simulator.control import Control, Policy, Ppo
from hubbub.simulator.control.catalogue import Environment, Episodes, StepResult
from hubbub.simulator.control.environments.double_integrator import DoubleIntegrator
from hubbub.simulator.control.imitation import train_students
from hubbub.simulator.control.task import Batch
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training import Adam, Grid, Networks, lay_out

SMALL = Ppo(n_envs=4, horizon=12, epochs=2, minibatches=3, eval_episodes=3)


class Sides(Environment):
    """Shows a side, −1 or +1, and pays a push to it; one step long."""

    observation_size, action_size, episode_steps = 1, 1, 1

    def episodes(self, n: int) -> Episodes:
        return SidesEpisodes(n)


class SidesEpisodes(Episodes):
    def __init__(self, n: int) -> None:
        self.side = np.zeros(n)

    def reset(self, episode: int, generator: np.random.Generator) -> np.ndarray:
        self.side[episode] = generator.choice([-1.0, 1.0])
        return self.side[[episode]].copy()

    def step(self, episodes: np.ndarray, actions: np.ndarray) -> StepResult:
        side, over = self.side[episodes], np.ones(len(episodes), dtype=bool)
        return StepResult(side[:, None], actions[:, 0] * side, over, ~over)


def control(environment: Environment, *, ppo: Ppo = SMALL, **policy: object) -> Control:
    chosen = Policy(**{"widths": (8, 6), **policy})  # type: ignore[arg-type]
    return Control(environment, policy=chosen, ppo=ppo, rng=RandomStreams(3), device=torch.device("cpu"))


def agents(task: Control, *, seeds: int = 2, learning_rate: float = 0.003) -> Networks:
    grid = Grid(seeds=seeds, learning_rate=(learning_rate,))
    return Networks(task, lay_out(grid, task.settings()), optimiser=Adam(clip_norm=0.5))


def test_an_agent_alone_does_what_it_does_in_the_stack() -> None:
    task = control(DoubleIntegrator(episode_steps=20), heads=("bernoulli", "gaussian"), action_costs=(0.0, 0.5))
    together = agents(task)
    alone = Networks(task, [together.networks[5]], optimiser=Adam(clip_norm=0.5))
    for built in (together, alone):
        built.step(3)
    assert together.work == ("updates", 8 * 3 * 6)
    for name, values in together.parameters.items():
        torch.testing.assert_close(values[5], alone.parameters[name][0], rtol=1e-4, atol=1e-5)


def test_every_head_learns_which_side_pays() -> None:
    heads = ("gaussian", "bernoulli", "bang-off-bang")
    built = agents(control(Sides(), heads=heads, ppo=replace_ppo(n_envs=16, eval_episodes=16)), learning_rate=0.02)
    built.step(20)
    acts = built.task.most_likely_actions(built.parameters, built.networks, np.array([[-1.0], [1.0]]))[..., 0]
    assert (acts[:, 0] < -0.8).all() and (acts[:, 1] > 0.8).all()


def test_a_cost_that_exceeds_the_pay_stops_all_but_the_extremes() -> None:
    heads = ("gaussian", "bernoulli", "bang-off-bang")
    task = control(Sides(), heads=heads, action_costs=(3.0,), ppo=replace_ppo(n_envs=16))
    built = agents(task, learning_rate=0.02)
    built.step(20)
    acts = np.abs(built.task.most_likely_actions(built.parameters, built.networks, np.array([[-1.0], [1.0]])))
    assert acts[:2].max() < 0.4, "the best push is 1/6"
    assert (acts[2:4] == 1).all()
    assert (acts[4:] == 0).all()


def replace_ppo(**settings: int) -> Ppo:
    return SMALL.model_copy(update={"epochs": 3, "minibatches": 2, **settings})


def test_agents_of_one_seed_begin_alike_whatever_their_head() -> None:
    built = agents(control(DoubleIntegrator()))
    for values in built.parameters.values():
        assert torch.equal(values[:2], values[2:])
    assert not torch.equal(built.parameters["policy.0.weight"][0], built.parameters["policy.0.weight"][1])


def test_the_probe_is_the_policy() -> None:
    task = control(DoubleIntegrator())
    built = agents(task)
    module, seen = task.probe()
    own = {name: built.parameters[name][1] for name, _ in module.named_parameters()}
    assert all(name.startswith("policy") for name in own)
    outputs = task.policy_outputs(built.parameters, seen.expand(4, -1, -1))[1]
    torch.testing.assert_close(functional_call(module, own, (seen,)), outputs.flatten(1))
    features = task.features(built.parameters)
    assert features.shape == (4, len(seen), 6) and (features >= 0).all()
    last = features[1] @ own["policy.4.weight"].T + own["policy.4.bias"]
    torch.testing.assert_close(last, outputs.flatten(1))


def test_two_evaluations_are_the_same() -> None:
    built = agents(control(DoubleIntegrator(episode_steps=15)))
    one, other = (built.task.evaluate(built.parameters, built.networks, sampled=True) for _ in range(2))
    assert np.array_equal(one.actions, other.actions, equal_nan=True)
    assert one.observations.shape == (4, 3, 15, 2)
    assert np.array_equal(one.observations[0, :, 0], one.observations[3, :, 0])


def test_the_loss_is_that_of_the_first_update() -> None:
    task = control(DoubleIntegrator())
    built = agents(task)
    parameters = {name: values.clone().requires_grad_() for name, values in built.parameters.items()}
    losses = task.loss(parameters, built.networks, 7)
    assert torch.equal(losses, task.loss(parameters, built.networks, 7))
    assert losses.shape == (4,)
    gradients = torch.autograd.grad(losses.sum(), list(parameters.values()))
    assert gradients[list(parameters).index("log_std")][:, 0].ne(0).tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("ratio", "gain", "kept", "counts"),
    [(1.1, 2.0, 2.2, True), (1.5, 2.0, 2.4, False), (1.5, -2.0, -3.0, True), (0.5, -2.0, -1.6, False)],
)
def test_a_ratio_beyond_the_clip_is_no_longer_rewarded(
    monkeypatch: pytest.MonkeyPatch, ratio: float, gain: float, kept: float, counts: bool
) -> None:
    task = control(Sides(), heads=("bernoulli",), ppo=replace_ppo(epochs=1, minibatches=1))
    built = agents(task, seeds=1)
    parameters = {name: values.clone().requires_grad_() for name, values in built.parameters.items()}
    seen, actions, one = torch.ones(1, 1, 1), torch.ones(1, 1, 1), torch.ones(1, 1)
    likely = torch.distributions.Bernoulli(logits=task.policy_outputs(parameters, seen).diff(dim=-1)).log_prob(one)[
        :, :, 0, 0
    ]
    targets = task.values(parameters, seen).detach() + 3.0
    batch = Batch(seen, actions, likely.detach() - math.log(ratio), gain * one, targets)
    monkeypatch.setattr(task, "_collect", lambda *_: batch)
    [loss] = task.losses(parameters, built.networks, 0)
    assert loss.item() == pytest.approx(0.5 * 3.0**2 - kept, rel=1e-5)
    [moved] = torch.autograd.grad(loss.sum(), [parameters["policy.4.weight"]])
    assert bool(moved.any()) is counts


@pytest.mark.parametrize(("teacher", "student"), [("gaussian", "bernoulli"), ("bernoulli", "gaussian")])
def test_a_student_does_as_its_teacher(teacher: str, student: str) -> None:
    built = agents(control(Sides(), heads=(teacher,), ppo=replace_ppo(n_envs=16)), seeds=3, learning_rate=0.02)
    built.step(15)
    for name in ("policy.4.weight", "policy.4.bias"):
        built.parameters[name][1] *= -1  # this teacher does the opposite
    students = train_students(built, [1, 2], head=student, steps=80, learning_rate=0.02)
    acts = students.task.most_likely_actions(students.parameters, students.networks, np.array([[-1.0], [1.0]]))[..., 0]
    assert (acts[0] * [1, -1] > 0.5).all() and (acts[1] * [-1, 1] > 0.5).all()


def test_a_student_has_the_settings_of_its_teacher_but_for_the_head() -> None:
    built = agents(control(DoubleIntegrator(episode_steps=10), action_costs=(0.5,)))
    [student] = train_students(built, [3], head="gaussian", steps=1).networks
    expected = {**built.networks[3].of_task, "head": "gaussian", "teacher": 0}
    assert student == replace(built.networks[3], learning_rate=1e-3, of_task=expected)
