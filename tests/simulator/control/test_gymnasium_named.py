from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from hubbub.simulator.control import environment
from hubbub.simulator.control.environments.gymnasium_named import GymnasiumNamed
from hubbub.simulator.errors import ConfigurationError


def test_episodes_are_those_of_gymnasium_with_actions_scaled() -> None:
    of = GymnasiumNamed(name="Pendulum-v1")
    assert (of.observation_size, of.action_size, of.episode_steps) == (3, 1, 200)
    episodes, peer = of.episodes(2), gymnasium.make("Pendulum-v1")
    episodes.reset(0, np.random.default_rng(3))
    first = episodes.reset(1, np.random.default_rng(4))
    seed = int(np.random.default_rng(4).integers(2**31))
    assert np.allclose(first, peer.reset(seed=seed)[0])
    for action in (0.5, -1.0, 0.0):
        result = episodes.step(np.array([1]), np.array([[action]]))
        expected = peer.step(np.array([2 * action], dtype=np.float32))
        assert np.allclose(result.observations[0], expected[0])
        assert result.rewards[0] == pytest.approx(expected[1])
    assert episodes.steps.tolist() == [0, 3]


def test_an_episode_is_truncated_where_gymnasium_truncates_it() -> None:
    of = GymnasiumNamed(name="MountainCarContinuous-v0")
    assert of.episode_steps == 999
    episodes = of.episodes(1)
    episodes.reset(0, np.random.default_rng(0))
    ends = [bool(episodes.step(np.array([0]), np.zeros((1, 1))).truncated[0]) for _ in range(999)]
    assert ends == [False] * 998 + [True]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Pendulm-v1", "environment.name: .* got 'Pendulm-v1'; did you mean 'Pendulum-v1'"),
        ("CartPole-v1", "environment.name: expected an environment with bounded continuous actions .*Discrete"),
        ("os:Pendulum-v1", "environment.name: expected an environment that Gymnasium knows"),
    ],
)
def test_what_cannot_be_controlled_is_refused_by_name(name: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        environment.call("gymnasium", {"name": name})


def test_without_mujoco_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise gymnasium.error.DependencyNotInstalled("MuJoCo is not installed")

    monkeypatch.setattr(gymnasium, "make", missing)
    with pytest.raises(
        ConfigurationError, match=r"'Hopper-v5' needs MuJoCo; install it with: pip install 'hubbub\[mujoco\]'"
    ):
        GymnasiumNamed(name="Hopper-v5")


@pytest.mark.filterwarnings("ignore:.*out of date")
def test_for_an_environment_that_gymnasium_removed_no_extra_is_suggested() -> None:
    with pytest.raises(ConfigurationError, match=r"'Hopper-v2' needs another package .*gymnasium-robotics"):
        GymnasiumNamed(name="Hopper-v2")


def test_mujoco_environments_are_controlled_like_any_other() -> None:
    pytest.importorskip("mujoco")
    pytest.importorskip("imageio")
    of = GymnasiumNamed(name="InvertedPendulum-v5")
    episodes = of.episodes(1)
    assert episodes.reset(0, np.random.default_rng(0)).shape == (of.observation_size,)
    result = episodes.step(np.array([0]), np.ones((1, of.action_size)))
    assert result.rewards[0] == 1 and np.isfinite(result.observations).all()
