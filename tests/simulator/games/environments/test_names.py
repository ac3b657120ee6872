"""Environments by name and version, and what asking for them costs."""

from __future__ import annotations

import copy
import subprocess
import sys

import cloudpickle
import gymnasium
import numpy as np
import pettingzoo
import pytest

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games.environments import discrimination_v0, reconstruction_v0, register
from hubbub.simulator.games.environments.one_agent import OneAgentEnv
from hubbub.simulator.games.environments.parallel import ExchangeEnv

VERSIONS = {"reconstruction": reconstruction_v0, "discrimination": discrimination_v0}


@pytest.mark.parametrize("name", VERSIONS)
def test_pettingzoo_names(name):
    register()
    register()  # a second time: no warning, no change
    env = pettingzoo.make("parallel", f"hubbub/{name}_v0", rounds=2)
    assert isinstance(env, ExchangeEnv)
    assert env.metadata["name"] == str(pettingzoo.make("aec", f"hubbub/{name}_v0")) == f"{name}_v0"


def test_gymnasium_names(game, channel, table):
    register()
    env = gymnasium.make(f"hubbub/{type(game).__name__}-v0", game=game, channel=channel, partners=table, agent=2)
    assert isinstance(env.unwrapped, OneAgentEnv)
    assert env.unwrapped.agent == 2


def test_gymnasium_steps_many_side_by_side(game, channel, table):
    register()
    name = f"hubbub/{type(game).__name__}-v0"
    options = {"game": game, "channel": channel, "partners": table, "rounds": 3}
    envs = gymnasium.make_vec(name, num_envs=3, vectorization_mode="sync", **options)
    observations, _ = envs.reset(seed=4)
    assert observations["message"].shape == (3, 4)
    for _ in range(5):
        _, rewards, *_ = envs.step(envs.action_space.sample())
    assert rewards.shape == (3,)


@pytest.mark.parametrize("name", VERSIONS)
def test_default_setting(name):
    env = VERSIONS[name].parallel_env()
    assert env.possible_agents == ["agent_0", "agent_1", "agent_2", "agent_3"]
    space = env.observation_space("agent_0")
    assert space["object"].shape == (9,)
    assert space["message"].nvec.tolist() == [16] * 4
    assert ("candidates" in space.spaces) == (name == "discrimination")
    assert env.action_space("agent_0")["answer"].nvec.tolist() == ([5] if name == "discrimination" else [3, 3, 3])


def test_game_of_the_other_kind_is_refused(game):
    wrong = {"Reconstruction": discrimination_v0, "Discrimination": reconstruction_v0}[type(game).__name__]
    with pytest.raises(ConfigurationError, match=rf"game: expected a .*, got '{type(game).__name__}'"):
        wrong.parallel_env(game=game)


def test_unseeded_environments_differ():
    def objects(env: ExchangeEnv) -> list[np.ndarray]:
        return [env.reset()[0]["agent_0"]["object"] for _ in range(30)]

    first, second = objects(reconstruction_v0.parallel_env()), objects(reconstruction_v0.parallel_env())
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: cloudpickle.loads(cloudpickle.dumps(env))])
@pytest.mark.parametrize("kind", ["parallel", "aec", "one agent"])
def test_copies_of_a_new_environment_differ_and_with_one_seed_are_equal(copied, kind, game, channel, table):
    def start(env, seed):
        """Return what one agent sees in the first rounds."""
        if kind == "aec":
            env.reset(seed=seed)
            return env.observe("agent_0")["object"]
        observations = [env.reset(seed=seed if episode == 0 else None)[0] for episode in range(20)]
        return np.concatenate([(seen if kind == "one agent" else seen["agent_0"])["object"] for seen in observations])

    if kind == "one agent":
        original = OneAgentEnv(game, partners=table, agent=2, channel=channel)
    else:
        original = reconstruction_v0.parallel_env() if kind == "parallel" else reconstruction_v0.env()
    copies = [copied(original) for _ in range(8)]
    starts = {start(env, None).tobytes() for env in copies}
    assert len(starts) == 8 if kind != "aec" else len(starts) > 1  # one round only, in which an agent may be idle
    assert len({start(env, 3).tobytes() for env in [original, *copies]}) == 1


def test_games_do_not_load_the_environments():
    """Nor does the package of the environments load PettingZoo or Gymnasium before they are needed."""
    program = "import sys, hubbub.simulator.games, hubbub.simulator.games.environments as e; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "hubbub.simulator.games.rules" in loaded
    assert not {"gymnasium", "pettingzoo"} & set(loaded)
