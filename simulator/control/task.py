"""Agents that learn to control an environment, as a task of networks in training."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from hubbub.simulator.control.advantages import advantages
from hubbub.simulator.control.catalogue import Environment
from hubbub.simulator.control.heads import Heads
from hubbub.simulator.control.networks import ActorCritic, dense
from hubbub.simulator.control.normalisation import measured_normalisation
from hubbub.simulator.control.rollouts import (
    Act,
    EpisodeGenerator,
    Trajectories,
    collect_rollout,
    collect_trajectories,
)
from hubbub.simulator.control.settings import Policy, Ppo
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import ModuleTask

INITIAL_OUTPUT_SCALE = 0.01
"""Outputs of a policy are small at the start, so that it prefers no action."""
AGENTS_AT_ONCE = 8
"""Agents that are evaluated together: bounds the number of environments."""


class Batch(NamedTuple):
    """The B samples of a rollout that an agent learns from, S agents side by side.

    Attributes
    ----------
    observations
        Normalised observations, `[S, B, O]`.
    actions
        Actions as drawn, `[S, B, A]`.
    log_probabilities
        Log-probability of each action at the time of the rollout, `[S, B]`.
    advantages
        Advantages, normalised to mean 0 and standard deviation 1 for each agent, `[S, B]`.
    value_targets
        What the value function should say, in units of `return_scale`, `[S, B]`.
    """

    observations: Tensor
    actions: Tensor
    log_probabilities: Tensor
    advantages: Tensor
    value_targets: Tensor


class Control(ModuleTask):
    """Agents with a policy, a value function and a head each, learning by proximal policy optimisation.

    A step starts with new episodes, whose initial states and noise are drawn at (seed, step). So no state of an
    environment has to be saved between two steps. Agents of one seed start alike, from the same states and with the
    same noise. Parameters whose names start with `policy` are the policy's, and so is `log_std` where the head is
    Gaussian.
    """

    def __init__(
        self, environment: Environment, *, policy: Policy, ppo: Ppo, rng: RandomStreams, device: torch.device
    ) -> None:
        sizes = environment.observation_size, environment.action_size
        self.agent = ActorCritic(*sizes, policy.widths, policy.initial_std)
        super().__init__(self.agent, rng=rng, device=device)
        self.environment, self.policy, self.ppo = environment, policy, ppo
        self.updates = ppo.epochs * ppo.minibatches
        self.normalisation = measured_normalisation(environment, ppo.discount, rng)

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return every head with every cost of actions."""
        every = product(self.policy.heads, self.policy.action_costs)
        return [{"head": head, "action_cost": cost} for head, cost in every]

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights of standard deviation √(2/inputs), a hundredth of it in the last layer of the policy.

        Biases are 0.
        """
        initial = super().initial(network)
        last = [name for name in initial if name.startswith("policy") and name.endswith("weight")][-1]
        initial[last] *= INITIAL_OUTPUT_SCALE
        return initial

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the loss `[S]` of the first update of a step; only its gradient has a meaning."""
        return next(self.losses(parameters, networks, step))

    def losses(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Iterator[Tensor]:
        """Collect a rollout, and yield the loss `[S]` of every minibatch."""
        ppo, heads = self.ppo, heads_of(networks)
        with torch.no_grad():
            batch = self._collect(parameters, networks, step)
        generator = self.rng.at("minibatches", step)
        for _ in range(ppo.epochs):
            shuffled = torch.from_numpy(generator.permutation(batch.observations.shape[1])).to(self.device)
            for minibatch in shuffled.tensor_split(ppo.minibatches):
                observations, actions, old, advantage, targets = (part[:, minibatch] for part in batch)
                new, entropy = self.evaluate_actions(parameters, heads, observations, actions)
                ratio = (new - old).exp()
                objective = torch.minimum(ratio * advantage, ratio.clamp(1 - ppo.clip, 1 + ppo.clip) * advantage)
                value_loss = (self.values(parameters, observations) - targets).square()
                loss = ppo.value_weight * value_loss - objective - ppo.entropy_weight * entropy
                yield loss.mean(1) + zero(parameters)

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, closely: bool) -> Mapping[str, Tensor]:
        """Return the mean `entropy` of each policy in nats over the probe; for what agents do, see `evaluate`."""
        outputs, log_std = self.policy_outputs(parameters, self._probed(len(networks))), parameters["log_std"][:, None]
        return {"entropy": heads_of(networks).apply(lambda head, s: head.entropy(outputs[s], log_std[s])).mean(1)}

    @torch.no_grad()
    def evaluate(
        self,
        parameters: Parameters,
        networks: Sequence[Network],
        *,
        sampled: bool = False,
        stream: str = "watched",
        n_episodes: int | None = None,
    ) -> Trajectories:
        """Return whole episodes in which every agent takes its most likely actions, or `sampled` ones.

        There are `n_episodes` of them, or without it `ppo.eval_episodes`. Episodes of one random `stream` start from
        the same states for all agents and at all times.
        """
        n_envs, parts = n_episodes or self.ppo.eval_episodes, []
        shape = (self.environment.episode_steps, n_envs, self.environment.action_size)
        noise = self.rng.at(f"{stream}-noise").standard_normal(shape)
        for first in range(0, len(networks), AGENTS_AT_ONCE):
            some = networks[first : first + AGENTS_AT_ONCE]
            own = {name: values[first : first + AGENTS_AT_ONCE] for name, values in parameters.items()}
            act = self._act(own, some, np.stack([noise] * len(some)) if sampled else None)
            generator_of = self.episode_generator(stream)
            parts.append(collect_trajectories(self.environment, act, generator_of, agents=len(some), n_envs=n_envs))
        names = ("observations", "actions", "rewards")
        return Trajectories(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return a policy, and observations from episodes of uniform actions."""
        return nn.Sequential(OrderedDict(policy=self.agent.policy)), self._probed(1)[0]

    def features(self, parameters: Parameters) -> Float[torch.Tensor, "S M H"]:
        """Return the activations `[S, M, H]` of every policy's last hidden layer on the probe's observations."""
        observations = self._probed(len(parameters["log_std"]))
        return dense(parameters, "policy", observations, layers=len(self.policy.widths)).relu()

    def policy_outputs(
        self, parameters: Parameters, observations: Float[torch.Tensor, "S B O"]
    ) -> Float[torch.Tensor, "S B A 2"]:
        """Return the outputs `[S, B, A, 2]` of policies on normalised observations `[S, B, O]`, see `heads`."""
        return dense(parameters, "policy", observations).unflatten(-1, (-1, 2))

    def values(self, parameters: Parameters, observations: Float[torch.Tensor, "S B O"]) -> Float[torch.Tensor, "S B"]:
        """Return the value functions `[S, B]` at observations `[S, B, O]`, in units of `return_scale`."""
        return dense(parameters, "value", observations).squeeze(-1)

    @torch.no_grad()
    def most_likely_actions(
        self, parameters: Parameters, networks: Sequence[Network], observations: Float[np.ndarray, "B O"]
    ) -> Float[np.ndarray, "S B A"]:
        """Return the most likely action `[S, B, A]` of every agent at observations `[B, O]` of the environment."""
        outputs = self.policy_outputs(parameters, self.normalised(observations).expand(len(networks), -1, -1))
        return heads_of(networks).apply(lambda head, s: head.mode(outputs[s])).clamp(-1, 1).cpu().numpy()

    def evaluate_actions(
        self,
        parameters: Parameters,
        heads: Heads,
        observations: Float[torch.Tensor, "S B O"],
        actions: Float[torch.Tensor, "S B A"],
    ) -> tuple[Float[torch.Tensor, "S B"], Float[torch.Tensor, "S B"]]:
        """Return the log-probability of each action, and the entropy of the policy there, both `[S, B]`."""
        outputs, log_std = self.policy_outputs(parameters, observations), parameters["log_std"][:, None]
        return (
            heads.apply(lambda head, s: head.log_probability(outputs[s], log_std[s], actions[s])),
            heads.apply(lambda head, s: head.entropy(outputs[s], log_std[s])),
        )

    def normalised(self, observations: Float[np.ndarray, "*batch O"]) -> Float[torch.Tensor, "*batch O"]:
        """Return observations of the environment as networks get them."""
        return torch.from_numpy(self.normalisation.normalised(observations)).to(self.device)

    def episode_generator(self, stream: str, networks: Sequence[Network] = (), *address: int) -> EpisodeGenerator:
        """Return the function that gives the random generator of each episode.

        Without `networks` it is the same for all agents, else for those of one seed.
        """

        def generator_of(agent: int, env: int, finished: int) -> np.random.Generator:
            seed = [networks[agent].seed] if networks else []
            return self.rng.at(f"{stream}-start", *seed, *address, env, finished)

        return generator_of

    def _collect(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Batch:
        ppo, shape = self.ppo, (self.ppo.horizon, self.ppo.n_envs, self.environment.action_size)
        seeds = [network.seed for network in networks]
        noise = {seed: self.rng.at("actions", seed, step).standard_normal(shape) for seed in set(seeds)}
        act = self._act(parameters, networks, np.stack([noise[seed] for seed in seeds]))
        generator_of = self.episode_generator("episode", networks, step)
        rollout = collect_rollout(
            self.environment, act, generator_of, agents=len(networks), n_envs=ppo.n_envs, steps=ppo.horizon
        )
        costs = np.array([float(network.of_task["action_cost"]) for network in networks])[:, None, None]
        net = rollout.rewards - costs * np.square(rollout.actions.clip(-1, 1)).sum(-1)
        rewards = torch.from_numpy((net / self.normalisation.return_scale).astype(np.float32)).to(self.device)
        terminated, ended = (torch.from_numpy(flags).to(self.device) for flags in (rollout.terminated, rollout.ended))
        observations, following = (
            self.normalised(part).flatten(1, 2) for part in (rollout.observations, rollout.next_observations)
        )
        values = self.values(parameters, observations)
        gains = advantages(
            rewards,
            values.view_as(rewards),
            self.values(parameters, following).view_as(rewards),
            terminated,
            ended,
            discount=ppo.discount,
            gae_lambda=ppo.gae_lambda,
        ).flatten(1)
        actions = torch.from_numpy(rollout.actions.astype(np.float32)).to(self.device).flatten(1, 2)
        log_probabilities, _ = self.evaluate_actions(parameters, heads_of(networks), observations, actions)
        normalised = (gains - gains.mean(1, keepdim=True)) / (gains.std(1, keepdim=True) + 1e-8)
        return Batch(observations, actions, log_probabilities, normalised, values + gains)

    def _act(self, parameters: Parameters, networks: Sequence[Network], noise: np.ndarray | None) -> Act:
        """Return what agents do: the most likely action, or a sample made from `noise [S, T, C, A]`."""
        heads, log_std = heads_of(networks), parameters["log_std"][:, None]
        draws = None if noise is None else torch.from_numpy(noise.astype(np.float32)).to(self.device)

        def act(step: int, observations: np.ndarray) -> np.ndarray:
            outputs = self.policy_outputs(parameters, self.normalised(observations))
            if draws is None:
                actions = heads.apply(lambda head, s: head.mode(outputs[s]))
            else:
                actions = heads.apply(lambda head, s: head.sample(outputs[s], log_std[s], draws[s, step]))
            return actions.cpu().numpy()

        return act

    def _probed(self, n: int) -> Tensor:
        return self.normalised(self.normalisation.observations).expand(n, -1, -1)


def heads_of(networks: Sequence[Network]) -> Heads:
    """Return the heads of networks."""
    return Heads([str(network.of_task["head"]) for network in networks])


def zero(parameters: Parameters) -> Tensor:
    """Return 0 `[S]` as a function of all parameters: a loss plus this has a gradient, maybe 0, for each of them."""
    return torch.stack([(0 * values).flatten(1).sum(1) for values in parameters.values()]).sum(0)
