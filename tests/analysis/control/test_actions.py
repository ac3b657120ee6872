from __future__ import annotations

import numpy as np
import pytest

from hubbub.analysis.control import boundary_mass, performance_ratio, returns, squared_action, switches

NAN = np.nan
# Two agents, one episode each of at most four steps of one action, the second's over after three.
ACTIONS = np.array([[[1.0, -1.0, -0.96, 0.5]], [[0.2, 0.0, 0.1, NAN]]])[..., None]


def test_actions_beyond_the_boundary_are_counted_in_what_was_played() -> None:
    assert boundary_mass(ACTIONS).tolist() == [0.75, 0.0]
    assert boundary_mass(ACTIONS, boundary=0.15) == pytest.approx([1.0, 1 / 3])


def test_the_mean_square_leaves_out_what_follows_the_end() -> None:
    assert squared_action(ACTIONS) == pytest.approx([(1 + 1 + 0.9216 + 0.25) / 4, 0.05 / 3])


def test_a_switch_is_a_change_of_sign_within_an_episode() -> None:
    assert switches(ACTIONS) == pytest.approx([2 / 3, 1.0])
    two_episodes = np.array([[[1.0, 1.0, NAN], [-1.0, -1.0, NAN]]])[..., None]
    assert switches(two_episodes).tolist() == [0.0]
    assert switches(ACTIONS[:, :, :1]).tolist() == [0.0, 0.0]
    assert np.isnan(switches(np.full((1, 2, 3, 1), NAN))).all()


def test_dimensions_are_counted_one_by_one() -> None:
    actions = np.array([[[[1.0, 0.0], [-1.0, 0.0]]]])
    assert boundary_mass(actions).tolist() == [0.5]
    assert switches(actions).tolist() == [0.5]


def test_a_return_is_less_what_actions_cost() -> None:
    rewards = np.array([[[-1.0, -1.0, 4.0, 2.0]], [[1.0, 1.0, 1.0, NAN]]])
    assert returns(rewards).tolist() == [4.0, 3.0]
    assert returns(rewards, ACTIONS, [2.0, 100.0]) == pytest.approx([4 - 2 * 3.1716, 3 - 5])
    unknown = np.concatenate([rewards, np.full_like(rewards, NAN)], axis=1)
    assert np.isnan(returns(unknown)).all(), "not 0, which may be the best"
    two = np.concatenate([rewards, rewards[::-1]], axis=1)
    assert returns(two).tolist() == [3.5, 3.5]


def test_the_ratio_counts_from_what_is_earned_without_a_plan() -> None:
    assert performance_ratio(-150, -100, baseline=-1100) == pytest.approx(0.95)
    assert performance_ratio(-100, -100, baseline=-1100) == 1.0
    assert performance_ratio(-1100, -100, baseline=-1100) == 0.0
