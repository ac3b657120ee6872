"""Agents that learn to control an environment, as a task of networks in training."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import torch
from torch import Tensor, nn

from hubbub.simulator.control.advantages import advantages
from hubbub.simulator.control.catalogue import Environment
from hubbub.simulator.control.experience import Act, Begin, Watched, collected, watched
from hubbub.simulator.control.heads import Heads
from hubbub.simulator.control.networks import Agent, dense
from hubbub.simulator.control.settings import Policy, Ppo
from hubbub.simulator.control.standards import standards
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.training.catalogue import Parameters
from hubbub.simulator.training.layout import Network
from hubbub.simulator.training.module_task import ModuleTask

FIRST_DRIVES = 0.01
"""Drives are small at the start, so that no action is preferred."""
AGENTS_AT_ONCE = 8
"""Agents whose episodes are watched together: bounds the number of environments."""


class Control(ModuleTask):
    """Agents with a policy, a value function and a head each, learning by proximal policy optimisation.

    A step begins with fresh episodes, whose starts and noise are drawn at (seed, step): nothing of an environment
    outlives a step, so that none need be saved. Agents of one seed begin alike and draw the same starts and noise.
    Parameters whose name begins with `policy` are the policy's, and `log_std` where the head is Gaussian.
    """

    def __init__(
        self, environment: Environment, *, policy: Policy, ppo: Ppo, rng: RandomStreams, device: torch.device
    ) -> None:
        self.agent = Agent(environment.observation_size, environment.action_size, policy.widths, policy.deviation)
        super().__init__(self.agent, rng=rng, device=device)
        self.environment, self.policy, self.ppo = environment, policy, ppo
        self.updates = ppo.epochs * ppo.minibatches
        self.standards = standards(environment, ppo.discount, rng)

    def settings(self) -> Sequence[Mapping[str, float | int | str]]:
        """Return every head with every cost of actions."""
        every = product(self.policy.heads, self.policy.action_costs)
        return [{"head": head, "action_cost": cost} for head, cost in every]

    def initial(self, network: Network) -> dict[str, Tensor]:
        """Return normal weights of standard deviation √(2/inputs), a hundredth of it for drives, and biases 0."""
        begun = super().initial(network)
        drives = [name for name in begun if name.startswith("policy") and name.endswith("weight")][-1]
        begun[drives] *= FIRST_DRIVES
        return begun

    def loss(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Tensor:
        """Return the loss `[S]` of the first update of a step, which only its gradient gives a meaning."""
        return next(self.losses(parameters, networks, step))

    def losses(self, parameters: Parameters, networks: Sequence[Network], step: int) -> Iterator[Tensor]:
        """Play, and yield the loss `[S]` of every update."""
        ppo, heads = self.ppo, heads_of(networks)
        with torch.no_grad():
            seen, actions, before, gains, targets = self._played(parameters, networks, step)
        order = self.rng.at("minibatches", step)
        for _ in range(ppo.epochs):
            shuffled = torch.from_numpy(order.permutation(seen.shape[1])).to(self.device)
            for part in shuffled.tensor_split(ppo.minibatches):
                now, entropy = self.judged(parameters, heads, seen[:, part], actions[:, part])
                ratio, gain = (now - before[:, part]).exp(), gains[:, part]
                kept = torch.minimum(ratio * gain, ratio.clamp(1 - ppo.clip, 1 + ppo.clip) * gain)
                wrong = (self.values(parameters, seen[:, part]) - targets[:, part]).square()
                yield (ppo.value_weight * wrong - kept - ppo.entropy_weight * entropy).mean(1) + zero(parameters)

    def observe(self, parameters: Parameters, networks: Sequence[Network], *, snapshot: bool) -> Mapping[str, Tensor]:
        """Return the `entropy` of each policy in nats, over the probe; what an agent does is to be `watched`."""
        outputs, log_std = self.drives(parameters, self._probed(len(networks))), parameters["log_std"][:, None]
        return {"entropy": heads_of(networks).each(lambda head, s: head.entropy(outputs[s], log_std[s])).mean(1)}

    @torch.no_grad()
    def watched(
        self,
        parameters: Parameters,
        networks: Sequence[Network],
        *,
        drawn: bool = False,
        starts: str = "watched",
        copies: int | None = None,
    ) -> Watched:
        """Return whole episodes of every agent's likeliest actions, or of `drawn` ones.

        Episodes (`ppo.watched`, or so many `copies`) of one name of `starts` begin alike, whoever plays and whenever.
        """
        copies, parts = copies or self.ppo.watched, []
        shape = (self.environment.episode_steps, copies, self.environment.action_size)
        noise = self.rng.at(f"{starts}-noise").standard_normal(shape)
        for first in range(0, len(networks), AGENTS_AT_ONCE):
            some = networks[first : first + AGENTS_AT_ONCE]
            own = {name: values[first : first + AGENTS_AT_ONCE] for name, values in parameters.items()}
            act = self._act(own, some, np.stack([noise] * len(some)) if drawn else None)
            parts.append(watched(self.environment, act, self.begins(starts), agents=len(some), copies=copies))
        names = ("observations", "actions", "rewards")
        return Watched(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def probe(self) -> tuple[nn.Module, Tensor]:
        """Return a policy, and what it sees in episodes of uniform actions."""
        return nn.Sequential(OrderedDict(policy=self.agent.policy)), self._probed(1)[0]

    def features(self, parameters: Parameters) -> Tensor:
        """Return what the last hidden layer of every policy makes of the probe's observations: `[S, M, H]`."""
        seen = self._probed(len(parameters["log_std"]))
        return dense(parameters, "policy", seen, layers=len(self.policy.widths)).relu()

    def drives(self, parameters: Parameters, seen: Tensor) -> Tensor:
        """Return the outputs `[S, B, A, 2]` of policies that see `[S, B, O]`."""
        return dense(parameters, "policy", seen).unflatten(-1, (-1, 2))

    def values(self, parameters: Parameters, seen: Tensor) -> Tensor:
        """Return what agents expect `[S, B]` where they see `[S, B, O]`, in units of the ordinary return."""
        return dense(parameters, "value", seen).squeeze(-1)

    @torch.no_grad()
    def likeliest(self, parameters: Parameters, networks: Sequence[Network], observations: np.ndarray) -> np.ndarray:
        """Return what every agent would most likely do, `[S, B, A]`, where it observes `[B, O]`."""
        outputs = self.drives(parameters, self.seen(observations).expand(len(networks), -1, -1))
        return heads_of(networks).each(lambda head, s: head.likeliest(outputs[s])).clamp(-1, 1).cpu().numpy()

    def judged(self, parameters: Parameters, heads: Heads, seen: Tensor, actions: Tensor) -> tuple[Tensor, Tensor]:
        """Return the log-probability of each action `[S, B]`, and the entropy there."""
        outputs, log_std = self.drives(parameters, seen), parameters["log_std"][:, None]
        return (
            heads.each(lambda head, s: head.log_probability(outputs[s], log_std[s], actions[s])),
            heads.each(lambda head, s: head.entropy(outputs[s], log_std[s])),
        )

    def seen(self, observations: np.ndarray) -> Tensor:
        """Return observations as networks see them."""
        return torch.from_numpy(self.standards.seen(observations)).to(self.device)

    def begins(self, stream: str, networks: Sequence[Network] = (), *address: int) -> Begin:
        """Return the luck of episodes: the same for every agent without `networks`, else for those of one seed."""

        def begin(agent: int, copy: int, had: int) -> np.random.Generator:
            seed = [networks[agent].seed] if networks else []
            return self.rng.at(f"{stream}-start", *seed, *address, copy, had)

        return begin

    def _played(self, parameters: Parameters, networks: Sequence[Network], step: int) -> tuple[Tensor, ...]:
        """Return what agents saw and did, its log-probability, how much better it was than expected, and its worth.

        All `[S, B, …]`, B samples of an agent.
        """
        ppo, shape = self.ppo, (self.ppo.horizon, self.ppo.copies, self.environment.action_size)
        seeds = [network.seed for network in networks]
        noise = {seed: self.rng.at("actions", seed, step).standard_normal(shape) for seed in set(seeds)}
        act = self._act(parameters, networks, np.stack([noise[seed] for seed in seeds]))
        begin = self.begins("episode", networks, step)
        got = collected(self.environment, act, begin, agents=len(networks), copies=ppo.copies, steps=ppo.horizon)
        costs = np.array([float(network.of_task["action_cost"]) for network in networks])[:, None, None]
        earned = got.rewards - costs * np.square(got.actions.clip(-1, 1)).sum(-1)
        rewards = torch.from_numpy((earned / self.standards.return_scale).astype(np.float32)).to(self.device)
        terminated, ended = (torch.from_numpy(flags).to(self.device) for flags in (got.terminated, got.ended))
        seen, following = (self.seen(of).flatten(1, 2) for of in (got.observations, got.next_observations))
        values = self.values(parameters, seen)
        gains = advantages(
            rewards,
            values.view_as(rewards),
            self.values(parameters, following).view_as(rewards),
            terminated,
            ended,
            discount=ppo.discount,
            trace=ppo.trace,
        ).flatten(1)
        actions = torch.from_numpy(got.actions.astype(np.float32)).to(self.device).flatten(1, 2)
        before, _ = self.judged(parameters, heads_of(networks), seen, actions)
        units = (gains - gains.mean(1, keepdim=True)) / (gains.std(1, keepdim=True) + 1e-8)
        return seen, actions, before, units, values + gains

    def _act(self, parameters: Parameters, networks: Sequence[Network], noise: np.ndarray | None) -> Act:
        """Return what agents do: the likeliest action, or the one that `noise [S, T, C, A]` stands for."""
        heads, log_std = heads_of(networks), parameters["log_std"][:, None]
        drawn = None if noise is None else torch.from_numpy(noise.astype(np.float32)).to(self.device)

        def act(step: int, observations: np.ndarray) -> np.ndarray:
            outputs = self.drives(parameters, self.seen(observations))
            if drawn is None:
                chosen = heads.each(lambda head, s: head.likeliest(outputs[s]))
            else:
                chosen = heads.each(lambda head, s: head.drawn(outputs[s], log_std[s], drawn[s, step]))
            return chosen.cpu().numpy()

        return act

    def _probed(self, n: int) -> Tensor:
        return self.seen(self.standards.observed).expand(n, -1, -1)


def heads_of(networks: Sequence[Network]) -> Heads:
    """Return the heads of networks."""
    return Heads([str(network.of_task["head"]) for network in networks])


def zero(parameters: Parameters) -> Tensor:
    """Return 0 `[S]`, of all parameters: gradients of those that a loss leaves out are 0 then, and not missing."""
    return torch.stack([(0 * values).flatten(1).sum(1) for values in parameters.values()]).sum(0)
