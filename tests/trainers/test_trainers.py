"""Trainers of other projects learn to talk through the environments with arrays. Run with `pytest -m trainers`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from hubbub.simulator.channel import Channel
from hubbub.simulator.games.discrimination import Discrimination
from hubbub.simulator.games.environments import discrimination_v0
from hubbub.simulator.games.referents.symbolic import symbolic

pytestmark = [pytest.mark.trainers, pytest.mark.filterwarnings("ignore")]

GAME = Discrimination(
    referents=symbolic(attributes=1, values=2, held_out=0.0, generator=np.random.default_rng(0)), candidates=2
)
CHANNEL = Channel(vocabulary=2, max_length=1, end_symbol=False)
OPTIONS: dict[str, Any] = {
    "game": GAME,
    "channel": CHANNEL,
    "topology": {"kind": "complete", "n_agents": 2},
    "rounds": 8,
}
CHANCE = 0.5
"""Two referents, one of two symbols, two candidates: who guesses is right half of the time."""


def mean_reward(policy: Any, n_rounds: int = 200) -> float:
    """Return what an agent earns in a round, playing with itself; `policy` takes observations `[N, D]`."""
    env = discrimination_v0.vector_env(**OPTIONS, copies=10, seed=99)
    seen, _ = env.reset()
    total = 0.0
    for _ in range(2 * n_rounds):
        seen, rewards, *_ = env.step(policy(seen))
        total += rewards.mean()
    return total / n_rounds


def test_who_guesses_is_at_chance() -> None:
    rng = np.random.default_rng(0)
    assert mean_reward(lambda seen: rng.integers(2, size=(len(seen), 2))) == pytest.approx(CHANCE, abs=0.05)


def test_stable_baselines_through_supersuit() -> None:
    supersuit = pytest.importorskip("supersuit")
    stable_baselines3 = pytest.importorskip("stable_baselines3")
    torch.manual_seed(1)
    env = supersuit.pettingzoo_env_to_vec_env_v1(discrimination_v0.parallel_env(**OPTIONS, flat=True, seed=0))
    env = supersuit.concat_vec_envs_v1(env, 8, num_cpus=1, base_class="stable_baselines3")
    model = stable_baselines3.PPO("MlpPolicy", env, n_steps=64, batch_size=256, learning_rate=3e-3, device="cpu")
    model.learn(48_000)
    assert mean_reward(lambda seen: model.predict(seen, deterministic=True)[0]) > 0.9


class Words:
    """Partners that call referent 0 by symbol 1 and referent 1 by symbol 0, and understand nothing else."""

    def speak(self, agents: np.ndarray, objects: np.ndarray) -> np.ndarray:
        return 1 - objects[:, None]

    def listen(self, agents: np.ndarray, messages: np.ndarray, candidates: np.ndarray | None) -> np.ndarray:
        assert candidates is not None
        return (candidates == 1 - messages).argmax(1)


def test_torchrl() -> None:
    """Its wrapper of PettingZoo takes the population; one agent learns the words of its partners by REINFORCE."""
    pytest.importorskip("torchrl")
    from tensordict.nn import ProbabilisticTensorDictModule, ProbabilisticTensorDictSequential, TensorDictModule
    from torch.distributions import Categorical, Independent
    from torchrl.envs import GymWrapper, PettingZooWrapper, check_env_specs

    many = PettingZooWrapper(
        discrimination_v0.parallel_env(**OPTIONS, flat=True, action_masks=False, seed=0), categorical_actions=True
    )
    check_env_specs(many)
    assert many.rollout(16)["next", "agent", "reward"].shape == (16, 2, 1)

    torch.manual_seed(0)
    env = GymWrapper(
        discrimination_v0.one_agent_env(**OPTIONS, partners=Words(), flat=True, seed=0),
        categorical_action_encoding=True,
    )
    network = torch.nn.Sequential(torch.nn.LazyLinear(64), torch.nn.Tanh(), torch.nn.Linear(64, 4))
    network = torch.nn.Sequential(network, torch.nn.Unflatten(-1, (2, 2)))
    policy = ProbabilisticTensorDictSequential(
        TensorDictModule(network, in_keys=["observation"], out_keys=["logits"]),
        ProbabilisticTensorDictModule(
            in_keys=["logits"],
            out_keys=["action"],
            distribution_class=lambda logits: Independent(Categorical(logits=logits), 1),
            default_interaction_type="random",
        ),
    )
    optimiser, success = None, []
    for _ in range(120):
        with torch.no_grad():
            played = env.rollout(64, policy=policy, break_when_any_done=False)
        gain = played["next", "reward"].squeeze(-1) - played["next", "reward"].mean()
        log_prob = Independent(Categorical(logits=network(played["observation"])), 1).log_prob(played["action"])
        optimiser = optimiser or torch.optim.Adam(network.parameters(), 0.02)
        optimiser.zero_grad()
        (-(log_prob * gain).mean()).backward()
        optimiser.step()
        success.append(played["next", "reward"].mean().item())
    assert np.mean(success[:5]) < 0.7
    assert np.mean(success[-5:]) > 0.8


def test_rllib() -> None:
    """RLlib's own wrapper of PettingZoo; one policy for both agents."""
    pytest.importorskip("ray.rllib")
    import ray
    from ray.rllib.algorithms.ppo import PPOConfig
    from ray.rllib.core.rl_module.rl_module import RLModuleSpec
    from ray.rllib.env.wrappers.pettingzoo_env import ParallelPettingZooEnv
    from ray.tune.registry import register_env

    register_env("talk", lambda _: ParallelPettingZooEnv(discrimination_v0.parallel_env(**OPTIONS, flat=True, seed=0)))
    ray.init(address="local", num_cpus=1, include_dashboard=False, _node_ip_address="127.0.0.1")
    configuration = (
        PPOConfig()
        .environment("talk")
        .env_runners(num_env_runners=0, rollout_fragment_length=512)
        .multi_agent(policies={"all"}, policy_mapping_fn=lambda *_, **__: "all")
        .rl_module(rl_module_spec=RLModuleSpec(model_config={"fcnet_hiddens": [64], "vf_share_layers": False}))
        .training(train_batch_size=512, minibatch_size=128, num_epochs=10, lr=3e-3, entropy_coeff=0.01)
        .debugging(seed=0)
    )
    trainer = configuration.build_algo()
    returns = [trainer.train()["env_runners"]["episode_return_mean"] for _ in range(40)]
    trainer.stop()
    ray.shutdown()
    assert np.mean(returns[-3:]) / 16 > max(0.7, returns[0] / 16 + 0.1)  # both agents, eight rounds
