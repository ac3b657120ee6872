"""The checkers that PettingZoo and Gymnasium publish."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, max_cycles_test, parallel_api_test, parallel_seed_test, seed_test

from hubbub.simulator.games.environments import discrimination_v0, reconstruction_v0, register


@pytest.fixture(params=[reconstruction_v0, discrimination_v0], ids=["reconstruction", "discrimination"])
def version(request):
    return request.param


def test_parallel_api(version):
    parallel_api_test(version.parallel_env(), num_cycles=50)


def test_aec_api(version):
    with warnings.catch_warnings():
        # PettingZoo wonders about every observation and action that is a dictionary
        warnings.filterwarnings("ignore", "Observation is not a NumPy array")
        warnings.filterwarnings("ignore", ".* space for each agent probably should be")
        api_test(version.env(), num_cycles=50)


def test_seeds(version):
    parallel_seed_test(version.parallel_env, num_cycles=50)
    seed_test(version.env, num_cycles=50)


def test_episode_has_two_steps_a_round(version):
    max_cycles_test(
        SimpleNamespace(
            parallel_env=lambda max_cycles: version.parallel_env(rounds=max_cycles // 2),
            env=lambda max_cycles: version.env(rounds=max_cycles // 2),
        )
    )


def test_gymnasium(game, channel, table):
    register()
    name = f"hubbub/{type(game).__name__}-v0"
    check_env(gymnasium.make(name, game=game, channel=channel, partners=table).unwrapped)
